/** What a web server that serves a directory answers: nginx, httpd, Python's http.server. */
import { contentTypeOf, pageOf } from './nginx/serve.js';
import { FileError, type ProcessHost } from './process.js';

export interface FileAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** httpd's own page for a status. */
function apachePage(status: number): string {
  const [title, text] =
    status === 403
      ? ['Forbidden', "You don't have permission to access this resource."]
      : status === 301
        ? ['Moved Permanently', 'The document has moved.']
        : ['Not Found', 'The requested URL was not found on this server.'];
  return `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${title}</title>\n</head><body>\n<h1>${title}</h1>\n<p>${text}</p>\n</body></html>\n`;
}

/** Python's http.server lists directories, and has a page of its own for what is not there. */
function fromPython(host: ProcessHost, file: string, path: string, isDirectory: boolean): FileAnswer {
  const headers = { 'Content-Type': 'text/html; charset=utf-8' };
  if (isDirectory && !path.endsWith('/')) return { status: 301, body: '', headers: { Location: `${path}/` } };
  if (!isDirectory) {
    const lines = [
      '<h1>Error response</h1>',
      '<p>Error code: 404</p>',
      '<p>Message: File not found.</p>',
      '<p>Error code explanation: 404 - Nothing matches the given URI.</p>',
    ];
    const body = lines.map((line) => `        ${line}\n`).join('');
    return {
      status: 404,
      body: `<!DOCTYPE HTML>\n<html lang="en">\n    <head>\n        <meta charset="utf-8">\n        <title>Error response</title>\n    </head>\n    <body>\n${body}    </body>\n</html>\n`,
      headers: { 'Content-Type': 'text/html;charset=utf-8' },
    };
  }
  const items = host.files.list(file.replace(/(.)\/$/, '$1')).map((name) => {
    const end = host.files.stat(`${file}${name}`)?.type === 'directory' ? '/' : '';
    const isLink = host.files.stat(`${file}${name}`, false)?.type === 'symlink';
    return `<li><a href="${name}${end}">${name}${isLink ? '@' : end}</a></li>\n`;
  });
  const title = `Directory listing for ${path}`;
  return {
    status: 200,
    body: `<!DOCTYPE HTML>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<style type="text/css">\n:root {\ncolor-scheme: light dark;\n}\n</style>\n<title>${title}</title>\n</head>\n<body>\n<h1>${title}</h1>\n<hr>\n<ul>\n${items.join('')}</ul>\n<hr>\n</body>\n</html>\n`,
    headers,
  };
}

/** Of what they do not know nginx and Python say that it is bytes, httpd nothing. */
function typeOf(path: string, server: string): Record<string, string> {
  const type = contentTypeOf(path) ?? (server.startsWith('Apache') ? undefined : 'application/octet-stream');
  return type === undefined ? {} : { 'Content-Type': type };
}

/** `server`: what it signs with. */
export function fromFiles(root: string, path: string, host: ProcessHost, server: string): FileAnswer {
  const bare = decodeURIComponent((path.split('?')[0] ?? '/').replace(/%(?![0-9a-fA-F]{2})/g, '%25'));
  try {
    return found(root, bare, host, server);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    // Python's says of what it may not open that it is not there.
    return server.startsWith('SimpleHTTP') ? fromPython(host, '', bare, false) : refused(403, server);
  }
}

const refused = (status: number, server: string): FileAnswer => ({
  status,
  body: server.startsWith('Apache') ? apachePage(status) : pageOf(status, server),
  headers: { 'Content-Type': 'text/html' },
});

function found(root: string, bare: string, host: ProcessHost, server: string): FileAnswer {
  const file = `${root}${bare}`;
  const candidates = bare.endsWith('/') ? [`${file}index.html`, `${file}index.htm`] : [file];
  for (const candidate of candidates) {
    const stat = host.files.stat(candidate);
    if (stat?.type === 'file') return { status: 200, body: host.files.read(candidate), headers: typeOf(candidate, server) };
  }
  const isDirectory = host.files.stat(file)?.type === 'directory';
  if (server.startsWith('SimpleHTTP')) return fromPython(host, file, bare, isDirectory);
  const status = isDirectory && bare.endsWith('/') ? 403 : isDirectory ? 301 : 404;
  const answer = refused(status, server);
  return status === 301 ? { ...answer, headers: { ...answer.headers, Location: `${bare}/` } } : answer;
}
