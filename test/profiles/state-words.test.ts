import { expect, it } from 'vitest';
import { stateWord } from '../../collector/state-words.ts';
import { shippedProfiles } from '../../config/shipped-profiles.ts';

it('every state that a fault can name has a word in Chinese', () => {
  const named = shippedProfiles().flatMap(({ scalars, tables }) =>
    [...scalars, ...tables.flatMap(({ columns }) => columns)]
      .filter(({ fault }) => fault !== null)
      .flatMap(({ states }) => Object.values(states))
      .filter(({ state }) => state === 'warning' || state === 'critical')
      .map(({ text }) => text),
  );
  expect(named.length).toBeGreaterThan(100);
  const untold = named.filter((word) => stateWord(word)['zh-CN'] === word);
  expect([...new Set(untold)]).toEqual([]);
});
