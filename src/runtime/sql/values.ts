/** Values, types of columns and errors of the two servers. */
import type { Dialect } from './tokens.js';

export type Value = string | number | boolean | null;

/** An error as its server words it; `at`: where in the statement PostgreSQL points to. */
export class SqlError extends Error {
  constructor(
    message: string,
    /** MySQL's number and SQLSTATE. */
    readonly code = '1064 (42000)',
    readonly detail?: string,
    readonly at?: number,
  ) {
    super(message);
  }

  static syntax(dialect: Dialect, source: string, at: number, to = at): SqlError {
    if (dialect === 'postgres')
      return new SqlError(
        `syntax error at ${at >= source.trimEnd().length ? 'end of input' : `or near "${source.slice(at, Math.max(to, at + 1))}"`}`,
        '42601',
        undefined,
        at,
      );
    const line = source.slice(0, at).split('\n').length;
    return new SqlError(
      `You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near '${source.slice(at).slice(0, 80)}' at line ${line}`,
    );
  }
}

export interface Column {
  readonly name: string;
  /** As its server shows it: `int`, `varchar(50)`, `character varying(50)`. */
  readonly type: string;
  readonly isRequired?: true;
  /** Source text of its default. */
  readonly preset?: string;
  /** AUTO_INCREMENT, serial. */
  readonly counts?: true;
  readonly key?: 'primary' | 'unique';
}

/** How a column's type is shown, whatever it was called. */
export function typeName(dialect: Dialect, word: string, size: string, isOld: boolean): string {
  const type = word.toLowerCase();
  if (dialect === 'mysql') {
    const short: Readonly<Record<string, string>> = {
      integer: 'int',
      bool: 'tinyint(1)',
      boolean: 'tinyint(1)',
      dec: 'decimal',
      numeric: 'decimal',
      real: 'double',
      'double precision': 'double',
    };
    const name = short[type] ?? type;
    if (isOld && /^(int|bigint|smallint|tinyint)$/.test(name) && size === '')
      return `${name}${{ int: '(11)', bigint: '(20)', smallint: '(6)', tinyint: '(4)' }[name] as string}`;
    if (!isOld && /^(int|bigint|smallint|mediumint)$/.test(name)) return name;
    return `${name}${size === '' ? ({ decimal: '(10,0)', char: '(1)' }[name] ?? '') : size}`;
  }
  const long: Readonly<Record<string, string>> = {
    int: 'integer',
    int4: 'integer',
    serial: 'integer',
    int8: 'bigint',
    bigserial: 'bigint',
    int2: 'smallint',
    smallserial: 'smallint',
    varchar: 'character varying',
    char: 'character',
    bool: 'boolean',
    decimal: 'numeric',
    float: 'double precision',
    float8: 'double precision',
    float4: 'real',
    timestamp: 'timestamp without time zone',
    timestamptz: 'timestamp with time zone',
    time: 'time without time zone',
  };
  return `${long[type] ?? type}${size}`;
}

export const isNumeric = (type: string): boolean => /^(tiny|small|medium|big)?int|^(decimal|numeric|float|double|real)/.test(type);

/** A value as a column of that type keeps it. */
export function stored(dialect: Dialect, column: Column, given: Value, row: number): Value {
  if (given === null) return null;
  const { type, name } = column;
  if (/^(tiny|small|medium|big)?int/.test(type)) {
    if (typeof given === 'boolean') return given ? 1 : 0;
    const number = Number(given);
    if (String(given).trim() === '' || Number.isNaN(number))
      throw dialect === 'mysql'
        ? new SqlError(`Incorrect integer value: '${given}' for column '${name}' at row ${row}`, '1366 (HY000)')
        : new SqlError(`invalid input syntax for type ${type}: "${given}"`);
    return Math.round(number);
  }
  if (/^(decimal|numeric)/.test(type)) {
    const digits = /,\s*(\d+)\)/.exec(type)?.[1] ?? (dialect === 'mysql' ? '0' : undefined);
    return digits === undefined ? String(given) : Number(given).toFixed(Number(digits));
  }
  if (/^(float|double|real)/.test(type)) return Number(given);
  if (type === 'boolean') return typeof given === 'boolean' ? given : /^(t|true|y|yes|on|1)$/i.test(String(given));
  const limit = /^(?:varchar|char|character varying|character)\((\d+)\)/.exec(type)?.[1];
  const text = typeof given === 'boolean' ? (dialect === 'mysql' ? (given ? '1' : '0') : String(given)) : String(given);
  if (limit !== undefined && text.length > Number(limit))
    throw dialect === 'mysql'
      ? new SqlError(`Data too long for column '${name}' at row ${row}`, '1406 (22001)')
      : new SqlError(`value too long for type ${type}`);
  if (/^(timestamp|datetime)/.test(type) && /^\d{4}-\d\d-\d\d$/.test(text)) return `${text} 00:00:00`;
  return text;
}

export function shown(dialect: Dialect, value: Value): string | null {
  if (value === null) return null;
  if (typeof value === 'boolean') return dialect === 'mysql' ? (value ? '1' : '0') : value ? 't' : 'f';
  return String(value);
}

export const isTrue = (value: Value): boolean =>
  value !== null && value !== false && value !== 0 && !(typeof value === 'string' && (Number(value) || 0) === 0 && !/^t/i.test(value));

/** -1, 0, 1; null: one of them is. MySQL's texts are the same whatever their case, and numbers in texts are numbers. */
export function compare(dialect: Dialect, a: Value, b: Value): number | null {
  if (a === null || b === null) return null;
  const asNumber = (value: Value): number =>
    typeof value === 'boolean' ? (value ? 1 : 0) : typeof value === 'string' && value.trim() === '' ? 0 : Number(value);
  const isNumber = (value: Value): boolean => typeof value !== 'string';
  if (isNumber(a) || isNumber(b) || (/^-?\d+(\.\d+)?$/.test(String(a)) && /^-?\d+(\.\d+)?$/.test(String(b)))) {
    const [x, y] = [asNumber(a), asNumber(b)].map((one) => (Number.isNaN(one) ? 0 : one)) as [number, number];
    return x < y ? -1 : x > y ? 1 : 0;
  }
  const [x, y] = dialect === 'mysql' ? [String(a).toLowerCase(), String(b).toLowerCase()] : [String(a), String(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
