const NO_ROWS = new Uint8Array(0);

/**
 * Names of the ports of one device that have been up since it is known. Those of its rows are an octet
 * each: a set of names would take ten times as much.
 */
export class SeenPorts implements Iterable<string> {
  #labels: readonly string[] = [];
  /** By row of `#labels`: 1 for one that was up. */
  #rows = NO_ROWS;
  /** Names that no row has. */
  #others: Set<string> | null = null;

  /** The names are these, and the rows of the device are labelled so. */
  place(names: ReadonlySet<string>, labels: readonly string[]): void {
    const others = new Set(names);
    this.#labels = labels;
    this.#rows = Uint8Array.from(labels, (label) => Number(others.delete(label)));
    this.#others = others.size === 0 ? null : others;
  }

  /** A name out of an earlier run of the program. */
  add(name: string): void {
    const row = this.#labels.indexOf(name);
    if (row !== -1) this.#rows[row] = 1;
    else {
      this.#others ??= new Set();
      this.#others.add(name);
    }
  }

  /** The port of that row is up. */
  noteRow(row: number): void {
    this.#rows[row] = 1;
  }

  /** Whether the port of that row has been up. */
  hasRow(row: number): boolean {
    return this.#rows[row] === 1;
  }

  *[Symbol.iterator](): Generator<string> {
    for (let row = 0; row < this.#rows.length; row += 1) {
      if (this.#rows[row] === 1) yield this.#labels[row]!;
    }
    if (this.#others !== null) yield* this.#others;
  }
}
