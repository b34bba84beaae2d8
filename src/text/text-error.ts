/** Text that cannot be read or laid out; the message is the real tool's own. */
export class TextError extends Error {
  override readonly name = 'TextError';
}
