/** The same object, whose named properties neither a log nor JSON shows. */
export function hideSecrets<T extends object>(object: T, ...names: readonly (keyof T)[]): T {
  for (const name of names) Object.defineProperty(object, name, { enumerable: false });
  return object;
}
