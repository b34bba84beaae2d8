/**
 * Protobuf request bodies, as kubectl's typed clients send them: the envelope runtime.Unknown and in it the object, read by a
 * table of field numbers (apimachinery pkg/runtime/serializer/protobuf). Answers are JSON.
 */

/** Field number → `[JSON name, type]`; '' is inlined; types are scalars, messages, `[]x` and `map:x`. fixtures/protobuf-fields.json. */
export type ProtobufFields = Readonly<Record<string, Readonly<Record<string, readonly [string, string]>>>>;

export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}

const MAGIC = [0x6b, 0x38, 0x73, 0x00];
const MAX_DEPTH = 100;

/** The object in JSON's shape. */
export function decodeProtobuf(fields: ProtobufFields, bytes: Uint8Array): Record<string, unknown> {
  if (!MAGIC.every((byte, i) => bytes[i] === byte))
    throw new ProtobufError('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  const decoder = new Decoder(fields);
  const envelope = decoder.message('runtime.Unknown', bytes.subarray(MAGIC.length), 0);
  const { apiVersion = '', kind = '' } = (envelope['typeMeta'] ?? {}) as { apiVersion?: string; kind?: string };
  const raw = Buffer.from(typeof envelope['raw'] === 'string' ? envelope['raw'] : '', 'base64');
  const message = messageOf(fields, apiVersion, kind);
  return { kind, apiVersion, ...decoder.message(message, raw, 0) };
}

function messageOf(fields: ProtobufFields, apiVersion: string, kind: string): string {
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const name = `${group === '' ? 'core' : (group.split('.')[0] as string)}.${version}.${kind}`;
  if (fields[name] !== undefined) return name;
  // DeleteOptions and the like are sent in the group of what they are about.
  const common = `apis.meta.v1.${kind}`;
  if (fields[common] !== undefined) return common;
  throw new ProtobufError(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`);
}

type Wire = { readonly number: number; readonly type: number; readonly value: number | bigint | Uint8Array };

class Decoder {
  constructor(private readonly fields: ProtobufFields) {}

  message(name: string, bytes: Uint8Array, depth: number): Record<string, unknown> {
    if (depth > MAX_DEPTH) throw new ProtobufError('message is nested too deeply');
    const table = this.fields[name];
    if (table === undefined) throw new ProtobufError(`unknown message ${name}`);
    const out: Record<string, unknown> = {};
    for (const wire of readFields(bytes)) {
      const field = table[String(wire.number)];
      if (field === undefined) continue;
      const [key, type] = field;
      if (key === '') Object.assign(out, this.value(type, wire, depth));
      else if (type.startsWith('map:')) this.entry(mapAt(out, key), type.slice(4), wire, depth);
      else if (type.startsWith('[]')) this.items(listAt(out, key), type.slice(2), wire, depth);
      else define(out, key, this.value(type, wire, depth));
    }
    return out;
  }

  private items(list: unknown[], type: string, wire: Wire, depth: number): void {
    // Packed numbers come as one field.
    if (wire.type === 2 && NUMERIC.has(type)) {
      const reader = new Reader(wire.value as Uint8Array);
      while (!reader.isAtEnd) list.push(scalar(type, reader.varint()));
    } else list.push(this.value(type, wire, depth));
  }

  private entry(map: Record<string, unknown>, type: string, wire: Wire, depth: number): void {
    let key = '';
    let value: unknown = NUMERIC.has(type) ? 0 : type === 'string' || type === 'bytes' ? '' : this.special(type, new Uint8Array(), depth);
    for (const part of readFields(bytesOf(wire))) {
      if (part.number === 1) key = text(bytesOf(part));
      else if (part.number === 2) value = this.value(type, part, depth);
    }
    define(map, key, value);
  }

  private value(type: string, wire: Wire, depth: number): unknown {
    if (NUMERIC.has(type) || type === 'bool' || type === 'double') return scalar(type, wire.value);
    if (type === 'string') return text(bytesOf(wire));
    if (type === 'bytes') return Buffer.from(bytesOf(wire)).toString('base64');
    return this.special(type, bytesOf(wire), depth);
  }

  /** Messages that are no objects in JSON. */
  private special(type: string, bytes: Uint8Array, depth: number): unknown {
    const read = () => this.message(type, bytes, depth + 1);
    switch (type) {
      case 'api.resource.Quantity':
        return read()['string'] ?? '0';
      case 'util.intstr.IntOrString': {
        const { type: kind = 0, intVal = 0, strVal = '' } = read() as { type?: number; intVal?: number; strVal?: string };
        return kind === 1 ? strVal : intVal;
      }
      case 'apis.meta.v1.Time':
      case 'apis.meta.v1.MicroTime':
        return time(read(), type.endsWith('MicroTime'));
      case 'apis.meta.v1.Duration':
        return read()['duration'] ?? 0;
      case 'apis.meta.v1.FieldsV1':
      case 'runtime.RawExtension':
      case 'apiextensions.v1.JSON':
        return rawJson(read());
      case 'apiextensions.v1.JSONSchemaPropsOrArray':
      case 'apiextensions.v1.JSONSchemaPropsOrStringArray':
        return this.either(type, bytes, depth).value ?? null;
      case 'apiextensions.v1.JSONSchemaPropsOrBool': {
        const { value, isAllowed } = this.either(type, bytes, depth);
        return value ?? isAllowed;
      }
      case 'authentication.v1.ExtraValue':
      case 'authorization.v1.ExtraValue':
      case 'certificates.v1.ExtraValue':
      case 'apis.meta.v1.Verbs':
        return read()['items'] ?? [];
      default:
        return read();
    }
  }

  /** One thing or another: a list if it has items, else the inlined message. */
  private either(type: string, bytes: Uint8Array, depth: number): { readonly value: unknown; readonly isAllowed: boolean } {
    const list: unknown[] = [];
    let message: unknown;
    let isAllowed = false;
    for (const wire of readFields(bytes)) {
      const [key, of] = this.fields[type]?.[String(wire.number)] ?? [];
      if (of === undefined) continue;
      if (of.startsWith('[]')) this.items(list, of.slice(2), wire, depth + 1);
      else if (key === '') message = this.value(of, wire, depth + 1);
      else isAllowed = this.value(of, wire, depth) === true;
    }
    return { value: list.length > 0 ? list : message, isAllowed };
  }
}

function time(message: Record<string, unknown>, micro: boolean): string | null {
  const { seconds, nanos = 0 } = message as { seconds?: number; nanos?: number };
  if (seconds === undefined) return null;
  const at = new Date(seconds * 1000);
  if (Number.isNaN(at.getTime())) throw new ProtobufError('time is out of range');
  const iso = at.toISOString().slice(0, 19);
  return micro ? `${iso}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z` : `${iso}Z`;
}

/** Bytes that are JSON themselves; {@link Decoder.value} has made base64 of them below the top. */
function rawJson(message: Record<string, unknown>): unknown {
  const [raw] = Object.values(message);
  if (raw === undefined) return null;
  try {
    return JSON.parse(Buffer.from(String(raw), 'base64').toString('utf8')) as unknown;
  } catch {
    throw new ProtobufError('raw extension is not valid JSON');
  }
}

const NUMERIC: ReadonlySet<string> = new Set(['int32', 'int64', 'uint32', 'uint64']);

function scalar(type: string, value: Wire['value']): unknown {
  if (type === 'double') {
    if (!(value instanceof Uint8Array) || value.length !== 8) throw new ProtobufError('a double takes eight bytes');
    return new DataView(value.buffer, value.byteOffset, 8).getFloat64(0, true);
  }
  if (value instanceof Uint8Array) throw new ProtobufError(`wrong wire type for ${type}`);
  const number = BigInt(value);
  if (type === 'bool') return number !== 0n;
  return Number(type === 'int32' ? BigInt.asIntN(32, number) : type === 'int64' ? BigInt.asIntN(64, number) : number);
}

function bytesOf({ value }: Wire): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new ProtobufError('wrong wire type');
  return value;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function text(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new ProtobufError('string field contains invalid UTF-8');
  }
}

function define(out: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(out, key, { value, writable: true, enumerable: true, configurable: true });
}

function mapAt(out: Record<string, unknown>, key: string): Record<string, unknown> {
  if (!Object.hasOwn(out, key)) out[key] = {};
  return out[key] as Record<string, unknown>;
}

function listAt(out: Record<string, unknown>, key: string): unknown[] {
  if (!Object.hasOwn(out, key)) out[key] = [];
  return out[key] as unknown[];
}

class Reader {
  private at = 0;
  constructor(private readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new ProtobufError('unexpected EOF');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new ProtobufError('integer overflow');
  }

  take(length: number): Uint8Array {
    const end = this.at + length;
    if (length < 0 || end > this.bytes.length) throw new ProtobufError('unexpected EOF');
    const part = this.bytes.subarray(this.at, end);
    this.at = end;
    return part;
  }
}

function* readFields(bytes: Uint8Array): Generator<Wire> {
  const reader = new Reader(bytes);
  while (!reader.isAtEnd) {
    const tag = Number(reader.varint());
    const type = tag & 7;
    const number = Math.floor(tag / 8);
    if (number === 0) throw new ProtobufError('illegal tag 0');
    if (type === 0) yield { number, type, value: reader.varint() };
    else if (type === 1) yield { number, type, value: reader.take(8) };
    else if (type === 2) yield { number, type, value: reader.take(Number(reader.varint())) };
    else if (type === 5) yield { number, type, value: reader.take(4) };
    else throw new ProtobufError(`illegal wireType ${type}`);
  }
}
