/**
 * The formats that custom resources' schemas may ask of strings (apiextensions-apiserver pkg/apiserver/validation/formats.go),
 * by kube-openapi's registry (pkg/validation/strfmt). What other formats say nobody checks.
 */
import { parseCIDR, parseIP } from '../../api/ip.js';
import { once } from '../../api/once.js';
import { parseDuration } from '../../api/time.js';
import { parseGoUrl } from '../../text/go-url.js';

/** Undefined: nobody checks it. Dashes in a format's name say nothing. */
export function stringFormat(name: string | undefined): ((text: string) => boolean) | undefined {
  const plain = name?.replaceAll('-', '');
  return plain !== undefined && Object.hasOwn(FORMATS, plain) ? FORMATS[plain] : undefined;
}

const like =
  (pattern: RegExp) =>
  (text: string): boolean =>
    pattern.test(text);
/** Of a pattern that is put together when it is first asked for: most processes never do. */
const likeMade = (make: () => RegExp): ((text: string) => boolean) => {
  const pattern = once(make);
  return (text) => pattern().test(text);
};

const ATOM_CHARACTERS = String.raw`\w!#$%&'*+/=?^\u0060{|}~\u0080-\u{10ffff}\-`;
const ATOM = `[${ATOM_CHARACTERS}]+`;
const QUOTED = String.raw`"(?:[^"\\\r\n]|\\[ -~])*"`;
const ADDRESS = String.raw`(?:${ATOM}(?:\.${ATOM})*|${QUOTED})@(?:${ATOM}(?:\.${ATOM})*|\[[^\[\]\\]+\])`;
const email = () => new RegExp(String.raw`^[ \t]*(?:${ADDRESS}|(?:[${ATOM_CHARACTERS}. \t]|${QUOTED})*<${ADDRESS}>)[ \t]*$`, 'u');
const HOSTNAME =
  /^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9\-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.))+([a-zA-Z\p{L}]){2,63})$/u;
const CREDIT_CARD = /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11})$/;
const COLOR = String.raw`\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*`;

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  bsonobjectid: like(/^[0-9a-f]{24}$/i),
  uri: (text) => !('problem' in parseGoUrl(text, true)),
  email: likeMade(email),
  hostname: (text) => HOSTNAME.test(text) && bytes(text) <= 255 && text.split('.').every((label) => bytes(label) <= 63),
  ipv4: (text) => text.includes('.') && parseIP(withoutZeros(text)) !== undefined,
  ipv6: (text) => text.includes(':') && parseIP(text) !== undefined,
  cidr: (text) => parseCIDR(withoutZeros(text)) !== undefined,
  mac: isMac,
  uuid: like(/^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i),
  uuid3: like(/^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i),
  uuid4: like(/^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i),
  uuid5: like(/^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: isCreditCard,
  ssn: like(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
  hexcolor: like(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
  rgbcolor: likeMade(() => new RegExp(String.raw`^rgb\(${COLOR},${COLOR},${COLOR}\)$`)),
  // Nothing at all is none.
  byte: like(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/),
  password: () => true,
  date: isDate,
  datetime: isDateTime,
  duration: (text) => parseDuration(text) !== undefined || isScalaDuration(text),
};

const bytes = (text: string): number => new TextEncoder().encode(text).length;

/** As Go read IPv4 addresses before 1.17. */
const withoutZeros = (text: string): string => (/^[\d./]+$/.test(text) ? text.replace(/(^|\.)0+(?=\d)/g, '$1') : text);

function isMac(text: string): boolean {
  if (/^[0-9a-f]{4}(\.[0-9a-f]{4})+$/i.test(text)) return [3, 4, 10].includes(text.split('.').length);
  return /^[0-9a-f]{2}([:-])[0-9a-f]{2}(\1[0-9a-f]{2})*$/i.test(text) && [6, 8, 20].includes(text.split(/[:-]/).length);
}

function isIsbn10(text: string): boolean {
  const digits = text.replace(/[\s-]+/g, '');
  return /^\d{9}[\dX]$/.test(digits) && [...digits].reduce((sum, digit, i) => sum + (i + 1) * (digit === 'X' ? 10 : Number(digit)), 0) % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const digits = text.replace(/[\s-]+/g, '');
  return /^\d{13}$/.test(digits) && [...digits].reduce((sum, digit, i) => sum + (i % 2 === 0 ? 1 : 3) * Number(digit), 0) % 10 === 0;
}

function isCreditCard(text: string): boolean {
  const digits = text.replace(/\D+/g, '');
  if (!CREDIT_CARD.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const worth = Number(digit) * (i % 2 === 0 ? 1 : 2);
    return total + (worth > 9 ? worth - 9 : worth);
  }, 0);
  return sum % 10 === 0;
}

function isDate(text: string): boolean {
  const [, year, month, day] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined || month < 1 || month > 12 || day < 1) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}

function isDateTime(text: string): boolean {
  const [date = '', time] = text.toLowerCase().split('t');
  const [, hour = '', minute = '', second = ''] = /^(\d{2}):(\d{2}):(\d{2})(.\d+)?(z|([+-]\d{2}:\d{2}))$/.exec(time ?? '') ?? [];
  return hour !== '' && isDate(date) && hour <= '23' && minute <= '59' && second <= '59';
}

const UNITS = ['ns', 'us', 'µs', 'ms', 's', 'm', 'h', 'hr', 'd', 'w', 'wk'];
const UNIT_STARTS = ['nano', 'micro', 'milli', 'sec', 'min', 'hour', 'day', 'week'];

/** `22 ns`, `3 days and 1 hour`: one of them will do. */
const isScalaDuration = (text: string): boolean =>
  [...text.matchAll(/\d+[\t\n\f\r ]*([A-Za-zµ]+)/g)].some(([, name = '']) => {
    const unit = name.toLowerCase();
    return UNITS.includes(unit) || UNIT_STARTS.some((start) => unit.startsWith(start));
  });
