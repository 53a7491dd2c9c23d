/** Choices that this browser keeps. Where storage is refused (private windows), they last as long as the page. */

const PREFIX = 'threenines.';

/** The choice kept under a name; null when there is none or storage is refused. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** Keeps a choice under a name. */
export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // The choice still holds until the page is closed.
  }
}
