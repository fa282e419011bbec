import { policyForbids } from '../page-policy.js';

export interface PageGuardHandlers {
  /** The page goes away: say good-bye in this instant. */
  onLeave(): void;
  /** The page came back from the back-forward cache. */
  onReturn(): void;
  onHangup(): void;
  onToggleMute(): void;
}

/** What the page does around a call: it asks before it is left, keeps the screen awake, and lends its media keys. */
export class PageGuards {
  readonly #handlers: PageGuardHandlers;
  #wakeLock: WakeLockSentinel | undefined;
  #active = false;

  constructor(handlers: PageGuardHandlers) {
    this.#handlers = handlers;
  }

  /** From the first moment of a call. */
  watch(): void {
    addEventListener('pagehide', this.#onPageHide);
    addEventListener('pageshow', this.#onPageShow);
  }

  /** The call was answered. */
  activate(): void {
    this.#active = true;
    addEventListener('beforeunload', this.#onBeforeUnload);
    document.addEventListener('visibilitychange', this.#keepAwake);
    void this.#keepAwake();
    this.#mediaKeys((name) => (name === 'hangup' ? this.#handlers.onHangup : this.#handlers.onToggleMute));
  }

  setMuted(muted: boolean): void {
    // Chromium shows it beside its own call controls.
    (navigator.mediaSession as { setMicrophoneActive?(active: boolean): void } | undefined)?.setMicrophoneActive?.(
      !muted,
    );
  }

  /** The call is over. */
  release(): void {
    removeEventListener('pagehide', this.#onPageHide);
    if (!this.#active) return;
    this.#active = false;
    removeEventListener('beforeunload', this.#onBeforeUnload);
    document.removeEventListener('visibilitychange', this.#keepAwake);
    void this.#wakeLock?.release().catch(() => {});
    this.#wakeLock = undefined;
    this.#mediaKeys(() => null);
  }

  /** Nobody watches any more. */
  dispose(): void {
    this.release();
    removeEventListener('pageshow', this.#onPageShow);
  }

  /** A wake lock ends whenever the page is hidden, and is asked for again when it is shown (Screen Wake Lock). */
  readonly #keepAwake = async () => {
    // Chromium complains in the console of a page that asks for what its frame does not allow.
    if (document.visibilityState !== 'visible' || policyForbids('screen-wake-lock')) return;
    try {
      const lock = await navigator.wakeLock.request('screen');
      if (this.#active) this.#wakeLock = lock;
      else await lock.release();
    } catch {
      // Not here, or not with this battery: the call goes on.
    }
  };

  /** A browser that does not know an action throws. */
  #mediaKeys(handler: (name: 'hangup' | 'togglemicrophone') => (() => void) | null): void {
    for (const name of ['hangup', 'togglemicrophone'] as const) {
      try {
        navigator.mediaSession.setActionHandler(name as MediaSessionAction, handler(name));
      } catch {
        // Its users have the panel.
      }
    }
  }

  readonly #onBeforeUnload = (event: BeforeUnloadEvent) => {
    event.preventDefault();
    // Chromium before 119 asks only for this.
    event.returnValue = true;
  };
  readonly #onPageHide = () => this.#handlers.onLeave();
  readonly #onPageShow = (event: PageTransitionEvent) => event.persisted && this.#handlers.onReturn();
}
