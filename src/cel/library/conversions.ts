/** From one type to another: ConvertToType of cel-go's common/types. */
import { parseDuration, parseTime } from '../../api/time.js';
import { goFloat } from '../../text/go-format.js';
import {
  AddressValue,
  addressText,
  CelError,
  CidrValue,
  cidrText,
  Duration,
  durationText,
  Timestamp,
  TypeValue,
  timestampText,
  typeOf,
  Uint,
  type Value,
} from '../values.js';
import { checked, checkedUint, isInt, isText, type Library } from './function.js';

function impossible(value: Value, type: string): CelError {
  return new CelError(`type conversion error from '${typeOf(value)}' to '${type}'`);
}

/** As strconv.ParseInt has it. */
function integer(text: string, type: string, isIn: (value: bigint) => boolean, pattern: RegExp): bigint {
  const value = pattern.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined;
  if (value === undefined || !isIn(value)) throw impossible(text, type);
  return value;
}

function toInt(value: Value): Value | undefined {
  if (isInt(value)) return value;
  if (value instanceof Uint) return checked(value.value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 63) throw new CelError('integer overflow');
    return BigInt(Math.trunc(value));
  }
  if (value instanceof Timestamp) return BigInt(Math.floor(value.ms / 1000));
  if (value instanceof Duration) return BigInt(Math.round(value.ms * 1e6));
  return isText(value) ? integer(value, 'int', (n) => n >= -(2n ** 63n) && n < 2n ** 63n, /^[+-]?\d+$/) : undefined;
}

function toUint(value: Value): Value | undefined {
  if (value instanceof Uint) return value;
  if (isInt(value)) return new Uint(checkedUint(value));
  if (typeof value === 'number') {
    if (!(value >= 0 && value < 2 ** 64)) throw new CelError('unsigned integer overflow');
    return new Uint(BigInt(Math.trunc(value)));
  }
  return isText(value) ? new Uint(integer(value, 'uint', (n) => n < 2n ** 64n, /^\d+$/)) : undefined;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const SPECIAL: Readonly<Record<string, number>> = { inf: Infinity, '+inf': Infinity, infinity: Infinity, '+infinity': Infinity, '-inf': -Infinity, nan: NaN };

/** As strconv.ParseFloat has it, but for hexadecimal. */
function toDouble(value: Value): Value | undefined {
  if (typeof value === 'number') return value;
  if (isInt(value)) return Number(value);
  if (value instanceof Uint) return Number(value.value);
  if (!isText(value)) return undefined;
  const parsed = NUMBER.test(value) ? Number(value) : undefined;
  if (parsed !== undefined && Number.isFinite(parsed)) return parsed;
  const special = parsed === undefined ? SPECIAL[value.toLowerCase()] : undefined;
  if (special === undefined) throw impossible(value, 'double');
  return special;
}

/** strconv.ParseBool. */
function toBool(value: Value): Value | undefined {
  if (!isText(value)) return typeof value === 'boolean' ? value : undefined;
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(value)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(value)) return false;
  throw impossible(value, 'bool');
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CelError('invalid UTF-8 in bytes, cannot convert to string');
  }
}

/** undefined: there is no text of it. */
export function toText(value: Value): string | undefined {
  if (isText(value)) return value;
  if (typeof value === 'number') return goFloat(value);
  if (isInt(value) || typeof value === 'boolean') return String(value);
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Uint8Array) return utf8(value);
  if (value instanceof Duration) return durationText(value);
  if (value instanceof Timestamp) return timestampText(value);
  if (value instanceof AddressValue) return addressText(value);
  return value instanceof CidrValue ? cidrText(value) : undefined;
}

function toDuration(value: Value): Value | undefined {
  if (!isText(value)) return value instanceof Duration ? value : undefined;
  const ms = parseDuration(value);
  if (ms === undefined) throw impossible(value, 'google.protobuf.Duration');
  return new Duration(ms);
}

function toTimestamp(value: Value): Value | undefined {
  if (value instanceof Timestamp) return value;
  if (!isText(value)) return isInt(value) ? inRange(Number(value) * 1000) : undefined;
  const ms = parseTime(value);
  if (ms === undefined) throw impossible(value, 'google.protobuf.Timestamp');
  return inRange(ms);
}

/** From the year 1 to the year 9999. */
function inRange(ms: number): Timestamp {
  if (ms < -62_135_596_800_000 || ms > 253_402_300_799_999) throw new CelError('timestamp overflow');
  return new Timestamp(ms);
}

export const conversions: Library = {
  int: toInt,
  uint: toUint,
  double: toDouble,
  bool: toBool,
  string: toText,
  bytes: (value) => (value instanceof Uint8Array ? value : isText(value) ? new TextEncoder().encode(value) : undefined),
  duration: toDuration,
  timestamp: toTimestamp,
  type: (value) => new TypeValue(typeOf(value)),
  dyn: (value) => value,
};
