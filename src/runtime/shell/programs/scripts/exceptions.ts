/** Python's exceptions: how they are told, and which are of which kind. */
import { ScriptError } from './values.js';

const TRACE = 'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\n';
export const pythonError = (type: string, text: string): ScriptError => new ScriptError(`${TRACE}${type}${text === '' ? '' : `: ${text}`}\n`);

/** What a traceback's last line says. */
export function exceptionIn(message: string): { readonly type: string; readonly text: string } {
  const [, type = 'Exception', text = ''] = /(?:^|\n)([\w.]+)(?:: ([^\n]*))?\n?$/.exec(message) ?? [];
  return { type, text };
}

/** Python's exceptions that are of another kind too. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  OSError: [
    'FileNotFoundError',
    'PermissionError',
    'ConnectionError',
    'ConnectionRefusedError',
    'TimeoutError',
    'IsADirectoryError',
    'socket.gaierror',
    'urllib.error.URLError',
    'urllib.error.HTTPError',
  ],
  ConnectionError: ['ConnectionRefusedError'],
  'urllib.error.URLError': ['urllib.error.HTTPError'],
  LookupError: ['KeyError', 'IndexError'],
  ArithmeticError: ['ZeroDivisionError'],
};
const ALIASES: Readonly<Record<string, string>> = {
  IOError: 'OSError',
  EnvironmentError: 'OSError',
  'socket.error': 'OSError',
  URLError: 'urllib.error.URLError',
  HTTPError: 'urllib.error.HTTPError',
};

export function isException(type: string, wanted: string): boolean {
  const kind = ALIASES[wanted] ?? wanted;
  return kind === 'Exception' || kind === 'BaseException' || kind === type || KINDS[kind]?.includes(type) === true;
}
