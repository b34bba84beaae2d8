/** The tag of an image reference: pkg/util/parsers ParseImageName on distribution/reference. */

const HOST = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\\[[a-fA-F0-9:]+\\]';
const PART = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const REFERENCE = new RegExp(
  `^(?:(?:(?:${HOST})(?::[0-9]+)?)/)?${PART}(?:/${PART})*(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$`,
);
const IDENTIFIER = /^[a-f0-9]{64}$/;

/** `latest` when there is neither tag nor digest; '' when there is only a digest, or the reference cannot be read. */
export function imageTag(image: string): string {
  const match = REFERENCE.exec(image);
  if (match === null || IDENTIFIER.test(image)) return '';
  return match[1] ?? (match[2] === undefined ? 'latest' : '');
}
