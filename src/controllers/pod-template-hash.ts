/**
 * The hash in ReplicaSet names and in the labels pod-template-hash and controller-revision-hash: ComputeHash of
 * pkg/controller/controller_utils.go. It is FNV-1a over a dump of the Go value (spew's `%#v`), so the dump is rebuilt
 * here from Go's struct layout; templates get the very hashes they get in a real v1.33 cluster.
 */
import { FNV_BASIS, FNV_PRIME } from '../api/fnv.js';
import { parseQuantityParts } from './go-quantity.js';
import { LAYOUT, parseFields } from './pod-template-layout.js';

/** The letters of generated names: k8s.io/apimachinery/pkg/util/rand. No vowels, so that no words come out. */
const SAFE_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** `569696d9f6`. `collisionCount` of the owner's status, where its names have collided before. */
export function podTemplateHash(template: object, collisionCount?: number): string {
  let hash = fnv1aOfBytes(dump('PodTemplateSpec', template, true));
  if (collisionCount !== undefined) {
    // Eight bytes, of which PutUint32 fills the first four.
    for (let i = 0; i < 8; i++) hash = step(hash, i < 4 ? (collisionCount >>> (8 * i)) & 0xff : 0);
  }
  return safeEncode(String(hash));
}

/** FNV-1a of the text's UTF-8 bytes. */
function fnv1aOfBytes(text: string): number {
  let hash = FNV_BASIS;
  for (const byte of new TextEncoder().encode(text)) hash = step(hash, byte);
  return hash;
}

const step = (hash: number, byte: number): number => Math.imul(hash ^ byte, FNV_PRIME) >>> 0;

/** rand.SafeEncodeString: every character becomes a letter of {@link SAFE_ALPHABET}. */
export const safeEncode = (text: string): string => [...text].map((char) => SAFE_ALPHABET[char.charCodeAt(0) % SAFE_ALPHABET.length]).join('');

const BASIC = new Set(['string', 'bool', 'int32', 'int64']);

/** How Go prints the type's name: everything that is not basic or of another package is of a package called v1. */
function goType(type: string): string {
  const [, prefix = '', base = ''] = /^((?:\*|\[\]|map\[string\])*)(.*)$/.exec(type) as RegExpExecArray;
  return `${prefix}${BASIC.has(base) || base.includes('.') ? base : `v1.${base}`}`;
}

/** spew's formatState.format: `bare` leaves the type out, as for the elements of lists. */
function dump(type: string, value: unknown, typed: boolean): string {
  if (type.startsWith('*')) {
    const head = typed ? `(${goType(type)})` : '<*>';
    return value === undefined || value === null ? `${head}<nil>` : head + dump(type.slice(1), value, false);
  }
  const head = typed ? `(${goType(type)})` : '';
  if (type.startsWith('[]')) {
    const list = value as readonly unknown[] | undefined | null;
    // An empty list does not survive the protobuf between API server and controller: it is nil.
    if (!list?.length) return `${head}<nil>`;
    return `${head}[${list.map((item) => dump(type.slice(2), item, false)).join(' ')}]`;
  }
  if (type.startsWith('map[') || type === 'ResourceList') {
    const entries = Object.entries((value ?? {}) as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1));
    const element = type === 'ResourceList' ? 'resource.Quantity' : 'string';
    return entries.length === 0 ? `${head}<nil>` : `${head}map[${entries.map(([key, item]) => `${key}:${dump(element, item, false)}`).join(' ')}]`;
  }
  switch (type) {
    case 'bool':
      return `${head}${value === true}`;
    case 'int32':
    case 'int64':
      return `${head}${value ?? 0}`;
    case 'Time':
      // Templates hold no times but the empty creationTimestamp.
      return `${head}{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}`;
    case 'intstr.IntOrString': {
      const isText = typeof value === 'string';
      return `${head}{Type:(intstr.Type)${isText ? 1 : 0} IntVal:(int32)${isText ? 0 : (value ?? 0)} StrVal:(string)${isText ? value : ''}}`;
    }
    case 'resource.Quantity': {
      const { mantissa, scale, text, format } = parseQuantityParts(value as string | number | undefined);
      return `${head}{i:(resource.int64Amount){value:(int64)${mantissa} scale:(resource.Scale)${scale}} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)${text} Format:(resource.Format)${format}}`;
    }
  }
  if (LAYOUT[type] === undefined) return `${head}${value ?? ''}`;
  const object = (value ?? {}) as Record<string, unknown>;
  const fields = parseFields(LAYOUT[type] as string).map((field) => `${field.name}:${dump(field.type, field.json === '' ? object : object[field.json], true)}`);
  return `${head}{${fields.join(' ')}}`;
}
