import { describe, expect, it } from 'vitest';
import { darkOrder } from '../../alerting/dark-order.ts';

const device = (id: string, ...powerFeeds: string[]) => ({ id, powerFeeds });
const none = () => null;

describe('what hangs on a power system', () => {
  it('dies when its last feed does, in that order; what another feed keeps comes last', () => {
    const devices = [
      device('ups-a'),
      device('ups-b'),
      device('pdu-a', 'ups-a'),
      device('core-1', 'pdu-a', 'ups-b'),
      device('acc-1', 'pdu-a'),
      device('acc-2', 'ups-a'),
      device('elsewhere', 'ups-b'),
    ];
    expect(darkOrder(devices, 'ups-a', 12, none)).toEqual([
      { id: 'acc-1', minutes: 12, keptBy: [] },
      { id: 'acc-2', minutes: 12, keptBy: [] },
      { id: 'pdu-a', minutes: 12, keptBy: [] },
      { id: 'core-1', minutes: null, keptBy: ['ups-b'] },
    ]);
  });

  it('lasts longer behind a battery of its own', () => {
    const devices = [
      device('ups-big'),
      device('ups-rack', 'ups-big'),
      device('srv', 'ups-rack'),
      device('acc', 'ups-big'),
    ];
    const order = darkOrder(devices, 'ups-big', 10, (id) => (id === 'ups-rack' ? 7 : null));
    expect(order.map(({ id, minutes }) => [id, minutes])).toEqual([
      ['acc', 10],
      ['ups-rack', 10],
      ['srv', 17],
    ]);
  });

  it('two systems on one dying feed do not keep each other alive', () => {
    const devices = [
      device('mains-ups'),
      device('pdu-a', 'mains-ups'),
      device('pdu-b', 'mains-ups'),
      device('core', 'pdu-a', 'pdu-b'),
    ];
    expect(darkOrder(devices, 'mains-ups', 5, none).at(-1)).toEqual({
      id: 'pdu-b',
      minutes: 5,
      keptBy: [],
    });
    expect(darkOrder(devices, 'mains-ups', 5, none)[0]).toMatchObject({ id: 'core', minutes: 5 });
  });

  it('is nothing where nobody names it', () => {
    expect(darkOrder([device('ups'), device('x')], 'ups', 5, none)).toEqual([]);
  });
});
