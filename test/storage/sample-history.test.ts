import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../lib/time.ts';
import { SampleHistory } from '../../storage/sample-history.ts';
import { temporaryFolder } from './journal-folder.ts';

const START = Date.UTC(2026, 10, 1);
const sample = (value: number, metric = 'load_ratio', labels = '') => ({ metric, labels, value });

describe('history for pictures', () => {
  it('gives a day as polled and longer spans by the hour', () => {
    using history = new SampleHistory(temporaryFolder());
    for (let minute = 0; minute < 180; minute += 1) {
      history.add('a', START + minute * MINUTE, [sample(minute), sample(1, 'up', 'port=Te1/1')]);
    }
    const now = START + 3 * HOUR;
    const [load, up] = history.read('a', START, now, now);
    expect(load).toMatchObject({ metric: 'load_ratio', stepMs: null });
    expect(load!.points).toHaveLength(180);
    expect(up).toMatchObject({ metric: 'up', labels: 'port=Te1/1' });
    const [hourly] = history.read('a', START - 10 * DAY, now, now);
    expect(hourly).toMatchObject({ stepMs: HOUR });
    expect(hourly!.points).toEqual([
      { at: START, min: 0, mean: 29.5, max: 59 },
      { at: START + HOUR, min: 60, mean: 89.5, max: 119 },
      { at: START + 2 * HOUR, min: 120, mean: 149.5, max: 179 },
    ]);
    expect(history.read('b', START, now, now)).toEqual([]);
  });

  it('counts one poll once, and leaves out what is no number', () => {
    using history = new SampleHistory(temporaryFolder());
    history.add('a', START, [sample(1), sample(Number.NaN, 'broken')]);
    history.add('a', START + 400, [sample(5)]);
    const [series, ...rest] = history.read('a', START - DAY * 9, START + HOUR, START + HOUR);
    expect(series!.points).toEqual([{ at: START, min: 1, mean: 1, max: 1 }]);
    expect(rest.every(({ metric }) => metric !== 'broken')).toBe(true);
  });

  it('keeps to its bounds: series, days and the year, also over a restart', () => {
    const folder = temporaryFolder();
    const bounds = { mostSeries: 3, rawMs: DAY, rolledUpMs: 10 * DAY };
    {
      using history = new SampleHistory(folder, bounds);
      for (let port = 0; port < 5; port += 1) {
        history.add('a', START, [sample(port, 'rate', `port=${port}`)]);
      }
      expect(history.seriesCount).toBe(3);
      expect(history.leftOutCount).toBe(2);
    }
    using history = new SampleHistory(folder, bounds);
    history.add('a', START, [sample(9, 'other')]);
    expect(history.leftOutCount).toBe(1);
    history.forgetOld(START + 2 * DAY);
    expect(history.read('a', START, START + HOUR, START + HOUR)).toEqual([]);
    expect(history.read('a', START - 5 * DAY, START + HOUR, START + DAY)).toHaveLength(3);
    history.forgetOld(START + 11 * DAY);
    expect(history.seriesCount).toBe(0);
    history.add('a', START + 11 * DAY, [sample(9, 'other')]);
    expect(history.seriesCount).toBe(1);
  });

  it('forgets a few series at a time, each in its turn', () => {
    const bounds = { mostSeries: 10, rawMs: DAY, rolledUpMs: 10 * DAY };
    using history = new SampleHistory(temporaryFolder(), bounds);
    for (let port = 0; port < 5; port += 1) {
      history.add('a', START, [sample(port, 'rate', `port=${port}`)]);
    }
    const later = START + 11 * DAY;
    history.add('a', later, [sample(1, 'rate', 'port=0')]);
    const left: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      history.forgetOld(later, 2);
      left.push(history.seriesCount);
    }
    expect(left).toEqual([4, 2, 1]);
    history.add('a', later + MINUTE, [sample(9, 'rate', 'port=3')]);
    expect(history.read('a', later, later + HOUR, later + HOUR)).toHaveLength(2);
  });

  it('takes no more for a series than it says: 100 kB for three days, 400 kB for the year', () => {
    const folder = temporaryFolder();
    {
      using history = new SampleHistory(folder);
      const names = Array.from({ length: 10 }, (_, index) => `port=Te1/${index}`);
      for (let minute = 0; minute < 3 * 24 * 60; minute += 1) {
        const samples = names.map((name) => sample(minute / 7, 'port_receive_bps', name));
        history.add('a', START + minute * MINUTE, samples);
      }
    }
    const bytes = statSync(join(folder, 'history.sqlite')).size;
    expect(bytes / 10).toBeLessThan(100_000);
  });
});
