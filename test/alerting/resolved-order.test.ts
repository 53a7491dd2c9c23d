import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keepResolved, keepUnresolved, resolvedInOrder } from '../../alerting/resolved-order.ts';
import { type EngineState, emptyState, type Incident } from '../../alerting/state.ts';

/** Only what the order looks at. */
function incident(number: number): Incident {
  return { id: `inc-${String(number).padStart(2, '0')}`, resolvedAt: null } as Incident;
}

const ids = (incidents: readonly Incident[]) => incidents.map(({ id }) => id);

/** The order as it is defined: by the end, and of one instant by the place in the state. */
function sortedAnew(state: EngineState): Incident[] {
  const resolved = [...state.incidents.values()].filter(({ resolvedAt }) => resolvedAt !== null);
  return resolved.sort((a, b) => a.resolvedAt! - b.resolvedAt!);
}

describe('the order in which incidents were resolved', () => {
  test('kept up to date is the order found anew, whatever the clock does', () => {
    const act = fc.record({ number: fc.nat(119), at: fc.nat(5), isEnd: fc.boolean() });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
        const state = emptyState();
        const held = Array.from({ length: 120 }, (_, place) => incident(place + 1));
        for (const each of held) state.incidents.set(each.id, each);
        resolvedInOrder(state);
        for (const { number, at, isEnd } of acts) {
          const one = held[number]!;
          keepUnresolved(state, one);
          one.resolvedAt = isEnd ? at : null;
          if (isEnd) keepResolved(state, one);
        }
        expect(ids(resolvedInOrder(state))).toEqual(ids(sortedAnew(state)));
        expect(ids(resolvedInOrder({ ...state }))).toEqual(ids(sortedAnew(state)));
      }),
    );
  });
});
