/** The kubelet's refusals are plain text; kubectl puts `unable to upgrade connection: ` in front of them. */
export class PlainError extends Error {
  constructor(
    readonly code: number,
    readonly text: string,
  ) {
    super(text);
  }
}
