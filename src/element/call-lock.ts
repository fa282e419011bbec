/** Where the owner of the one live call stands: on the document, so that two versions of this script see each other. */
const KEY = Symbol.for('sautikit.live-call');

type LockedDocument = Document & { [KEY]?: object | undefined };

/** One live call a page, whatever the number of buttons. @returns false where another owner has a call */
export function acquireCallLock(owner: object): boolean {
  const page = document as LockedDocument;
  if (page[KEY] && page[KEY] !== owner) return false;
  page[KEY] = owner;
  return true;
}

export function releaseCallLock(owner: object): void {
  const page = document as LockedDocument;
  if (page[KEY] === owner) delete page[KEY];
}
