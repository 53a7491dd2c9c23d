import { describe, expect, it } from 'vitest';
import { KeptSlotColumns, SlotColumns } from '../../collector/slot-columns.ts';

const NONE = Number.NaN;

/** Rooms of one column each that hold these numbers. */
function roomsOf(...columns: readonly (readonly number[])[]): SlotColumns[] {
  return columns.map((numbers) => {
    const room = new SlotColumns(1, numbers.length);
    room.columns[0]!.set(numbers);
    return room;
  });
}

const numbersOf = (rooms: readonly SlotColumns[]) => rooms.map(({ columns }) => [...columns[0]!]);

describe('columns by slot that are kept between polls', () => {
  it('come back as they were, with nothing for ports that have come since', () => {
    const kept = new KeptSlotColumns();
    const before = [
      [70_000, NONE, 4_294_967_296],
      [1_796_083_200_000, 1_796_083_200_000, NONE],
    ];
    kept.keep(roomsOf(...before), 3);
    const rooms = roomsOf([9, 9, 9, 9], [9, 9, 9, 9]);
    kept.unpackInto(rooms, 4);
    expect(numbersOf(rooms)).toEqual(before.map((numbers) => [...numbers, NONE]));
  });

  it('tell nothing of a device that was never kept, whatever another one left in the room', () => {
    const rooms = roomsOf([1, 2], [3, 4]);
    new KeptSlotColumns().unpackInto(rooms, 2);
    expect(rooms.map((room) => room.isAny(2))).toEqual([false, false]);
  });

  it('of several devices in one room are each their own', () => {
    const [room] = roomsOf([5, 6]);
    const [one, other] = [new KeptSlotColumns(), new KeptSlotColumns()];
    one.keep([room!], 2);
    room!.columns[0]!.set([7, 8]);
    other.keep([room!], 1);
    one.unpackInto([room!], 2);
    expect(numbersOf([room!])).toEqual([[5, 6]]);
    other.unpackInto([room!], 2);
    expect(numbersOf([room!])).toEqual([[7, NONE]]);
  });
});
