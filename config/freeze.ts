/** Freezes a value and everything in it, in place. Maps become read-only; functions stay as they are. */
export function deepFreeze<Value>(value: Value): Value {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    for (const item of value.values()) deepFreeze(item);
    for (const name of ['set', 'delete', 'clear']) {
      Object.defineProperty(value, name, { value: refuse, enumerable: false });
    }
  }
  Object.freeze(value);
  for (const item of Object.values(value)) deepFreeze(item);
  return value;
}

function refuse(): never {
  throw new TypeError('the configuration is frozen');
}
