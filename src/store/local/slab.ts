/** Small, so that one long-lived value keeps little dead memory alive. */
const SLAB_BYTES = 16 * 1024;

/** Copies values into shared slabs: a tenth of the cost, and of the memory overhead, of an array buffer for each. */
export class Slab {
  #bytes = new Uint8Array(0);
  #used = 0;

  copy(value: Uint8Array): Uint8Array {
    const size = value.length;
    // Not slice(): that of a Buffer is a view.
    if (size > SLAB_BYTES / 4) return new Uint8Array(value);
    if (this.#used + size > this.#bytes.length) {
      this.#bytes = new Uint8Array(SLAB_BYTES);
      this.#used = 0;
    }
    const copy = this.#bytes.subarray(this.#used, this.#used + size);
    copy.set(value);
    this.#used += size;
    return copy;
  }
}
