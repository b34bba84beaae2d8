/** The tag of an image reference: pkg/util/parsers ParseImageName on distribution/reference. */

const HOST = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\\[[a-fA-F0-9:]+\\]';
const PART = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const REFERENCE = new RegExp(
  `^(((?:(?:${HOST})(?::[0-9]+)?)/)?${PART}(?:/${PART})*)(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$`,
);
const IDENTIFIER = /^[a-f0-9]{64}$/;
/** reference.NameTotalLengthMax. */
const MAX_NAME = 255;

/** `latest` when there is neither tag nor digest; '' when there is only a digest, or the reference cannot be read. */
export function imageTag(image: string): string {
  const match = REFERENCE.exec(image);
  if (match === null || IDENTIFIER.test(image)) return '';
  const [, name = '', , tag, digest] = match;
  if (name.length > MAX_NAME - 'docker.io/library/'.length && fullName(name).length > MAX_NAME) return '';
  return tag ?? (digest === undefined ? 'latest' : '');
}

/** With what a short name leaves out. */
function fullName(name: string): string {
  const slash = name.indexOf('/');
  const host = name.slice(0, Math.max(slash, 0));
  if (/[.:]/.test(host) || host === 'localhost') return name;
  return slash < 0 ? `docker.io/library/${name}` : `docker.io/${name}`;
}
