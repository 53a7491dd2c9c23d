/**
 * Objects that are asked for at once while it shows what a device can answer: ever fewer after it
 * could not. When even one alone is too big, that one is to blame, and not the count: it is passed
 * over, and the limit is lifted as soon as another one is answered.
 */
export interface AskLimit {
  most: number;
  hasAnswered: boolean;
  hasPassedOver: boolean;
}

/** Of a device that has answered everything so far. */
export function newAskLimit(): AskLimit {
  return { most: Number.POSITIVE_INFINITY, hasAnswered: false, hasPassedOver: false };
}

/** After `askedCount` objects were too many. False when it was a single one. */
export function askForLess(limit: AskLimit, askedCount: number): boolean {
  if (askedCount === 1) return false;
  limit.most = Math.floor(askedCount / 2);
  return true;
}

/**
 * After one object alone was too big. False when the one before it was as well: asking for the rest
 * one by one would cost too much. Where nothing was answered at all, the limit stays at one.
 */
export function passOver(limit: AskLimit): boolean {
  const isFirst = !limit.hasPassedOver;
  limit.hasPassedOver = true;
  limit.most = isFirst || !limit.hasAnswered ? 1 : Number.POSITIVE_INFINITY;
  return isFirst;
}

/** After an answer. */
export function noteAnswered(limit: AskLimit): void {
  limit.hasAnswered = true;
  if (!limit.hasPassedOver) return;
  limit.hasPassedOver = false;
  limit.most = Number.POSITIVE_INFINITY;
}
