/** `navigator.userAgentData`, as far as it is asked (User-Agent Client Hints; Chromium only). */
export interface UserAgentData {
  readonly platform: string;
  readonly mobile: boolean;
}

/** What can be known of the browser and the page, as plain data. */
export interface Surroundings {
  readonly userAgent: string;
  readonly userAgentData: UserAgentData | undefined;
  readonly platform: string;
  readonly maxTouchPoints: number;
  /** Address of the page. */
  readonly address: string;
  /** Whether the page is in a frame. */
  readonly framed: boolean;
}

/** Those of this page. In a window of its own, which has no address, the page that it came from stands in. */
export function surroundings(): Surroundings {
  const { userAgent, platform, maxTouchPoints } = navigator;
  const { userAgentData } = navigator as { userAgentData?: UserAgentData };
  const origin = document.querySelector<HTMLLinkElement>('link[rel="canonical"]');
  return {
    userAgent,
    userAgentData,
    platform,
    maxTouchPoints,
    address: location.protocol === 'about:' && origin ? origin.href : location.href,
    framed: window.parent !== window,
  };
}
