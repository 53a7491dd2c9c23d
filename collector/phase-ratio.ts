const PHASES = 997;

/** 0..1, always the same for a device, so that not all devices do at once what is done once in a while. */
export function phaseRatioOf(deviceId: string): number {
  let hash = 0;
  for (let at = 0; at < deviceId.length; at += 1) {
    hash = (Math.imul(hash, 31) + deviceId.charCodeAt(at)) >>> 0;
  }
  return (hash % PHASES) / PHASES;
}
