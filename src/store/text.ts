/** Values as their JSON, in bytes outside the heap: what is written by the ten thousand and seldom read costs least so, and is saved as it is. */

import type { Bytes } from './backend/backend.js';

/** Texts are put together in pieces of this size. */
const PIECE = 1 << 18;

export class Text implements Bytes {
  constructor(
    private readonly piece: Buffer,
    private readonly start: number,
    private readonly end: number,
  ) {}

  get json(): string {
    return this.piece.toString('utf8', this.start, this.end);
  }
  get length(): number {
    return this.end - this.start;
  }
  copy(target: Buffer, at: number): number {
    return this.piece.copy(target, at, this.start, this.end);
  }
}

export class TextPool {
  private piece = Buffer.alloc(0);
  private length = 0;

  add(json: string): Text {
    // No character takes more than three bytes.
    const room = 3 * json.length;
    if (this.length + room > this.piece.length) {
      this.piece = Buffer.allocUnsafe(Math.max(PIECE, room));
      this.length = 0;
    }
    const start = this.length;
    this.length += this.piece.write(json, start);
    return new Text(this.piece, start, this.length);
  }
}
