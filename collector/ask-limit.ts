/**
 * Objects that are asked for at once while it shows what a device can answer: ever fewer after it
 * could not. When even one alone is too big, that one is to blame, and not the count: it is passed
 * over, and the limit is lifted as soon as another one is answered.
 */
export interface AskLimit {
  most: number;
  hasAnswered: boolean;
  /** The object asked for last, alone, was too big. */
  isPassingOver: boolean;
  /** Some object was: what else was too big may have been so for its sake. */
  hasPassedOver: boolean;
}

/** Of a device that has answered everything so far, as long as it was no more than this at once. */
export function newAskLimit(most: number = Number.POSITIVE_INFINITY): AskLimit {
  return {
    most,
    hasAnswered: false,
    isPassingOver: false,
    hasPassedOver: false,
  };
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
  const isFirst = !limit.isPassingOver;
  limit.isPassingOver = true;
  limit.hasPassedOver = true;
  limit.most = isFirst || !limit.hasAnswered ? 1 : Number.POSITIVE_INFINITY;
  return isFirst;
}

/** After an answer. */
export function noteAnswered(limit: AskLimit): void {
  limit.hasAnswered = true;
  if (!limit.isPassingOver) return;
  limit.isPassingOver = false;
  limit.most = Number.POSITIVE_INFINITY;
}

/** How many objects to ask for at once from now on, as far as it is about how many they are. */
export function limitToRemember({ most, hasAnswered, hasPassedOver }: AskLimit): number {
  return hasPassedOver && hasAnswered ? Number.POSITIVE_INFINITY : most;
}
