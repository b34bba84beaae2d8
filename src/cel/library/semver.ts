/** Kubernetes' semverlib.go, by github.com/blang/semver. */
import { goQuoted } from '../../text/go-format.js';
import { CelError, type Semver, SemverValue, type Value } from '../values.js';
import { type CelFunction, isText, type Library, ofOne, ofTwo } from './function.js';

const PARTS = ['major', 'minor', 'patch'] as const;
const IDENTIFIER = /^[0-9A-Za-z-]*$/;

function parseSemver(text: string): Semver {
  if (text === '') throw new CelError('Version string empty');
  const [, major, minor, rest = ''] = /^([^.]*)\.([^.]*)\.(.*)$/s.exec(text) ?? [];
  if (major === undefined || minor === undefined) throw new CelError('No Major.Minor.Patch elements found');
  const [, patch = '', pre, build] = /^([^+-]*)(?:-([^+]*))?(?:\+(.*))?$/s.exec(rest) ?? [];
  const numbers = [major, minor, patch].map((part, i) => {
    const name = PARTS[i] as string;
    if (!/^\d*$/.test(part)) throw new CelError(`Invalid character(s) found in ${name} number ${goQuoted(part)}`);
    if (/^0./.test(part)) throw new CelError(`${name[0]?.toUpperCase()}${name.slice(1)} number must not contain leading zeroes ${goQuoted(part)}`);
    if (part === '') throw new CelError('strconv.ParseUint: parsing "": invalid syntax');
    return BigInt(part);
  });
  return { numbers, pre: pre?.split('.').map(prerelease) ?? [], build: build?.split('.').map(metadata) ?? [] };
}

function prerelease(text: string): bigint | string {
  if (text === '') throw new CelError('Prerelease is empty');
  if (!IDENTIFIER.test(text)) throw new CelError(`Invalid character(s) found in prerelease ${goQuoted(text)}`);
  if (!/^\d+$/.test(text)) return text;
  if (/^0./.test(text)) throw new CelError(`Numeric PreRelease version must not contain leading zeroes ${goQuoted(text)}`);
  return BigInt(text);
}

function metadata(text: string): string {
  if (text === '') throw new CelError('Build meta data is empty');
  if (!IDENTIFIER.test(text)) throw new CelError(`Invalid character(s) found in build meta data ${goQuoted(text)}`);
  return text;
}

/** `v1.02` as `1.2.0`. */
function normalized(text: string): string {
  const [, major = '', ...others] = /^v?([^.]*)(?:\.([^.]*))?(?:\.(.*))?$/s.exec(text) ?? [];
  const parts = [major, ...others.filter((part) => part !== undefined)].map((part) => {
    const trimmed = part.replace(/^0+/, '');
    return part.length <= 1 || /^\d/.test(trimmed) ? trimmed || part : `0${trimmed}`;
  });
  if (parts.length < 3 && /[+-]/.test(parts.at(-1) as string)) throw new CelError('short version cannot contain PreRelease/Build meta data');
  return [...parts, '0', '0'].slice(0, 3).join('.');
}

function compare(a: Semver, b: Semver): number {
  const byNumber = a.numbers.findIndex((number, i) => number !== b.numbers[i]);
  if (byNumber >= 0) return (a.numbers[byNumber] as bigint) > (b.numbers[byNumber] as bigint) ? 1 : -1;
  // What comes before a release is less than it.
  if (a.pre.length === 0 || b.pre.length === 0) return Math.sign(b.pre.length - a.pre.length);
  for (const [i, x] of a.pre.entries()) {
    const y = b.pre[i];
    if (y === undefined) return 1;
    if (x === y) continue;
    if (typeof x !== typeof y) return typeof x === 'bigint' ? -1 : 1;
    return x > y ? 1 : -1;
  }
  return a.pre.length < b.pre.length ? -1 : 0;
}

const read =
  (make: (text: string) => Value): CelFunction =>
  (text, isLoose = false) => {
    if (!isText(text) || typeof isLoose !== 'boolean') return undefined;
    return make(isLoose ? normalized(text) : text);
  };
const semverOf = read((text) => new SemverValue(parseSemver(text)));
const number = (i: number): CelFunction => ofOne(SemverValue, ({ semver }) => semver.numbers[i]);
const compared = (judge: (sign: number) => Value): CelFunction => ofTwo(SemverValue, (a, b) => judge(compare(a.semver, b.semver)));

export const semver: Library = {
  semver: semverOf,
  isSemver: (...args) => {
    try {
      return semverOf(...args) === undefined ? undefined : true;
    } catch (error) {
      if (error instanceof CelError) return false;
      throw error;
    }
  },
  major: number(0),
  minor: number(1),
  patch: number(2),
  isGreaterThan: compared((sign) => sign > 0),
  isLessThan: compared((sign) => sign < 0),
  compareTo: compared((sign) => BigInt(sign)),
};
