/** Names of containers from names of images. */
import { createHash } from 'node:crypto';

/** The last part of the image's name; characters a container name cannot have become hyphens, and then it needs an ending to be unlike another. */
export function containerName(image: string): string {
  const base = (image.split('/').at(-1) as string).replace(/[:@].*$/s, '');
  const name = base.replace(/_/g, '-');
  return name === base ? base : `${name}-${suffix(image)}`;
}

/** Five of the characters Kubernetes makes random names of. */
function suffix(text: string): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  return [...createHash('sha256').update(text).digest().subarray(0, 5)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

/** `debugger-xgvpd`: the same for the same text. */
export const debugName = (text: string): string => `debugger-${suffix(text)}`;

/** reference.ReferenceRegexp of github.com/distribution/reference. */
const IMAGE = new RegExp(
  '^(?:(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\\[(?:[a-fA-F0-9:]+)\\])(?::[0-9]+)?/)?' +
    '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[\\w][\\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*[:][0-9a-fA-F]{32,})?$',
);

export const isImageName = (text: string): boolean => IMAGE.test(text);
