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

  it('is full at its bound and stays so: the oldest goes, what is known goes on, a new series waits', () => {
    const folder = temporaryFolder();
    const bounds = { mostSeries: 4, rawMs: 2 * HOUR, rolledUpMs: 20 * HOUR };
    using history = new SampleHistory(folder, bounds);
    const ports = Array.from({ length: 4 }, (_, port) => sample(port, 'rate', `port=${port}`));
    const sizes: number[] = [];
    let now = START;
    for (; now < START + 80 * HOUR; now += MINUTE) {
      // The fifth asks at every poll, and is left out and counted at each.
      history.add('a', now, [...ports, sample(9, 'rate', 'port=new')]);
      if (now % HOUR !== 0) continue;
      history.forgetOld(now);
      sizes.push(statSync(join(folder, 'history.sqlite')).size);
    }
    expect(history.seriesCount).toBe(4);
    expect(history.leftOutCount).toBe(80 * 60);
    const [raw] = history.read('a', now - 2 * HOUR, now, now);
    const [hours] = history.read('a', START, now, now);
    // As polled there are the two hours and what came since the last turn; by the hour 20 and those.
    expect(raw!.points).toHaveLength(120);
    expect(history.read('a', now - 3 * HOUR, now, now)[0]).toMatchObject({ stepMs: HOUR });
    expect(hours!.points.length).toBeGreaterThanOrEqual(20);
    expect(hours!.points.length).toBeLessThanOrEqual(22);
    expect(hours!.points.at(0)!.at).toBeGreaterThanOrEqual(now - 22 * HOUR);
    // What was forgotten makes room for what comes: the file grows no more.
    expect(sizes.at(-1)).toBe(sizes[40]);
    // A device that is gone is forgotten after its time, and the next series has its place.
    history.forgetOld(now + 21 * HOUR);
    history.add('b', now + 21 * HOUR, [sample(1)]);
    expect(history.read('b', now, now + DAY, now + DAY)).toHaveLength(1);
  });

  it('takes no more for a series than it says: 412 kB for the year', () => {
    const folder = temporaryFolder();
    const hours = 400 * 24;
    {
      using history = new SampleHistory(folder);
      const names = Array.from({ length: 5 }, (_, index) => `port=Te1/${index}`);
      for (let hour = 0; hour < hours; hour += 1) {
        const at = START + hour * HOUR;
        const values = names.map((name) => sample(hour / 7, 'port_receive_bps', name));
        history.add('a', at, values);
        if (hour % 24 === 0) history.forgetOld(at);
      }
      const end = START + hours * HOUR;
      expect(history.read('a', START, end, end)[0]!.points).toHaveLength(hours);
    }
    expect(statSync(join(folder, 'history.sqlite')).size / 5).toBeLessThan(412_000);
  });

  it('takes no more for a series than it says: 100 kB for three days', () => {
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
