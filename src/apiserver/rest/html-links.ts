/** Links of a page that is read through the API server's proxy (apimachinery pkg/util/proxy/transport.go): its own pages stay reachable. */

const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  a: ['href'],
  applet: ['codebase'],
  area: ['href'],
  audio: ['src'],
  base: ['href'],
  blockquote: ['cite'],
  body: ['background'],
  button: ['formaction'],
  command: ['icon'],
  del: ['cite'],
  embed: ['src'],
  form: ['action'],
  frame: ['longdesc', 'src'],
  head: ['profile'],
  html: ['manifest'],
  iframe: ['longdesc', 'src'],
  img: ['longdesc', 'src', 'usemap'],
  input: ['src', 'usemap', 'formaction'],
  ins: ['cite'],
  link: ['href'],
  object: ['classid', 'codebase', 'data', 'usemap'],
  q: ['cite'],
  script: ['src'],
  source: ['src'],
  video: ['poster', 'src'],
};

/** What stands in them is no markup. */
const RAW = /^(?:script|style|textarea|title|iframe|noembed|noframes|noscript|plaintext|xmp)$/i;
const TAG = /<!--[\s\S]*?-->|<([a-zA-Z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/g;
const ATTRIBUTE = /([^\s=/"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?/g;

/** Opening tags are written anew, as golang.org/x/net/html does; all else stays as it is. */
export function rewriteLinks(html: string, rewrite: (url: string) => string): string {
  const tags = new RegExp(TAG);
  let made = '';
  let at = 0;
  for (let match = tags.exec(html); match !== null; match = tags.exec(html)) {
    const [whole, name, rest = ''] = match;
    made += html.slice(at, match.index) + (name === undefined ? whole : openingTag(name.toLowerCase(), rest, rewrite));
    at = tags.lastIndex;
    if (name === undefined || !RAW.test(name)) continue;
    const end = html.toLowerCase().indexOf(`</${name.toLowerCase()}`, at);
    tags.lastIndex = end < 0 ? html.length : end;
  }
  return made + html.slice(at);
}

function openingTag(tag: string, rest: string, rewrite: (url: string) => string): string {
  const links = ATTRIBUTES[tag] ?? [];
  const attributes = [...rest.matchAll(ATTRIBUTE)].map(([, key = '', quoted = '']) => {
    const name = key.toLowerCase();
    const value = quoted.replace(/^(["'])([\s\S]*)\1$/, '$2');
    return ` ${name}="${escaped(links.includes(name) ? rewrite(value) : value)}"`;
  });
  return `<${tag}${attributes.join('')}${/\/\s*$/.test(rest) ? '/' : ''}>`;
}

const ESCAPES: Readonly<Record<string, string>> = { "'": '&#39;', '<': '&lt;', '>': '&gt;', '"': '&#34;' };
/** What is written as an entity already is one. */
const escaped = (value: string): string => value.replace(/['<>"]|&(?![#\w]+;)/g, (char) => ESCAPES[char] ?? '&amp;');
