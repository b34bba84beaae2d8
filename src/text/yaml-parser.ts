/** Tokens → nodes of one document: libyaml's parser (go.yaml.in/yaml/v2 parserc.go), its errors included. */
import { Scanner, type Token, type TokenType, YamlError } from './yaml-scanner.js';

export type YamlNode =
  | {
      readonly kind: 'scalar';
      readonly value: string;
      readonly tag: string /** Plain and untagged: its text decides what it is. */;
      readonly isImplicit: boolean;
      /** Written behind `>`. */
      readonly isFolded?: boolean;
    }
  | { readonly kind: 'sequence'; readonly items: YamlNode[]; readonly tag: string }
  | { readonly kind: 'mapping'; readonly pairs: Pair[]; readonly tag: string }
  | { readonly kind: 'alias'; readonly name: string; readonly to: YamlNode };

/** A key, its value, and the line of that, from 1. */
type Pair = readonly [key: YamlNode, value: YamlNode, line: number];

const EMPTY: YamlNode = { kind: 'scalar', value: '', tag: '', isImplicit: true };
const STANDARD_TAGS = 'tag:yaml.org,2002:';

/** The first document of the text; undefined: there is none. Throws YamlError. */
export function parseDocument(text: string): YamlNode | undefined {
  return new Parser(new Scanner(text)).document();
}

class Parser {
  private readonly anchors = new Map<string, YamlNode>();
  private readonly handles = new Map([
    ['!', '!'],
    ['!!', STANDARD_TAGS],
  ]);
  constructor(private readonly scanner: Scanner) {}

  private peek(): Token {
    return this.scanner.peek();
  }
  private is(...types: readonly TokenType[]): boolean {
    return types.includes(this.peek().type);
  }
  private take(type: TokenType): boolean {
    if (this.peek().type !== type) return false;
    this.scanner.skip();
    return true;
  }
  private fail(message: string, contextLine = 0): YamlError {
    return new YamlError(message, this.peek().line, contextLine, false);
  }

  document(): YamlNode | undefined {
    this.take('streamStart');
    if (this.is('streamEnd')) return undefined;
    let hasDirectives = false;
    let hasVersion = false;
    while (this.is('versionDirective', 'tagDirective')) {
      const { type, value, handle } = this.peek();
      if (type === 'versionDirective') {
        if (hasVersion) throw this.fail('found duplicate %YAML directive');
        if (value !== '1.1') throw this.fail('found incompatible YAML document');
        hasVersion = true;
      } else this.handles.set(handle, value);
      hasDirectives = true;
      this.scanner.skip();
    }
    const isExplicit = this.is('documentStart');
    if (hasDirectives && !isExplicit) throw this.fail('did not find expected <document start>');
    if (isExplicit) {
      this.scanner.skip();
      if (this.is('versionDirective', 'tagDirective', 'documentStart', 'documentEnd', 'streamEnd')) return EMPTY;
    }
    const root = this.node(true, false);
    // What follows belongs to another document, but its first token has to be one.
    this.peek();
    return root;
  }

  private node(isBlock: boolean, mayBeIndentless: boolean): YamlNode {
    const first = this.peek();
    if (first.type === 'alias') {
      this.scanner.skip();
      const to = this.anchors.get(first.value);
      if (to === undefined) throw new YamlError(`unknown anchor '${first.value}' referenced`, 0, 0, false);
      return { kind: 'alias', name: first.value, to };
    }
    let anchor: string | undefined;
    let tag = '';
    for (let i = 0; i < 2; i++) {
      const token = this.peek();
      if (token.type === 'anchor' && anchor === undefined) anchor = token.value;
      else if (token.type === 'tag' && tag === '') tag = this.tag(token, first.line);
      else break;
      this.scanner.skip();
    }
    const token = this.peek();
    const remember = <T extends YamlNode>(node: T): T => {
      if (anchor !== undefined) this.anchors.set(anchor, node);
      return node;
    };
    if (mayBeIndentless && token.type === 'blockEntry') return this.indentlessSequence(remember({ kind: 'sequence', items: [], tag }));
    switch (token.type) {
      case 'scalar': {
        this.scanner.skip();
        const isImplicit = (tag === '' && token.isPlain) || tag === '!';
        const folded = token.isFolded === true ? { isFolded: true } : {};
        return remember({ kind: 'scalar', value: token.value, tag: tag === '!' ? '' : tag, isImplicit, ...folded });
      }
      case 'flowSequenceStart':
        return this.flowSequence(remember({ kind: 'sequence', items: [], tag }));
      case 'flowMappingStart':
        return this.flowMapping(remember({ kind: 'mapping', pairs: [], tag }));
      case 'blockSequenceStart':
        if (isBlock) return this.blockSequence(remember({ kind: 'sequence', items: [], tag }));
        break;
      case 'blockMappingStart':
        if (isBlock) return this.blockMapping(remember({ kind: 'mapping', pairs: [], tag }));
        break;
      default:
    }
    if (anchor !== undefined || tag !== '') return remember({ kind: 'scalar', value: '', tag, isImplicit: tag === '' });
    throw this.fail('did not find expected node content', first.line);
  }

  private tag({ handle, value }: Token, contextLine: number): string {
    if (handle === '') return value;
    const prefix = this.handles.get(handle);
    if (prefix === undefined) throw this.fail('found undefined tag handle', contextLine);
    return prefix + value;
  }

  private blockSequence(node: Extract<YamlNode, { kind: 'sequence' }>): YamlNode {
    const { line } = this.peek();
    this.scanner.skip();
    while (this.take('blockEntry')) node.items.push(this.is('blockEntry', 'blockEnd') ? EMPTY : this.node(true, false));
    if (!this.take('blockEnd')) throw this.fail("did not find expected '-' indicator", line);
    return node;
  }

  /** A list at the column of its key has no beginning or end of its own. */
  private indentlessSequence(node: Extract<YamlNode, { kind: 'sequence' }>): YamlNode {
    while (this.take('blockEntry')) node.items.push(this.is('blockEntry', 'key', 'value', 'blockEnd') ? EMPTY : this.node(true, false));
    return node;
  }

  private pair(key: YamlNode, value: () => YamlNode): Pair {
    const line = this.peek().line + 1;
    return [key, value(), line];
  }

  private blockMapping(node: Extract<YamlNode, { kind: 'mapping' }>): YamlNode {
    const { line } = this.peek();
    this.scanner.skip();
    for (;;) {
      if (this.take('blockEnd')) return node;
      if (!this.take('key')) throw this.fail('did not find expected key', line);
      const key = this.is('key', 'value', 'blockEnd') ? EMPTY : this.node(true, true);
      const hasValue = this.take('value') && !this.is('key', 'value', 'blockEnd');
      node.pairs.push(this.pair(key, () => (hasValue ? this.node(true, true) : EMPTY)));
    }
  }

  private flowSequence(node: Extract<YamlNode, { kind: 'sequence' }>): YamlNode {
    const { line } = this.peek();
    this.scanner.skip();
    for (let isFirst = true; !this.is('flowSequenceEnd'); isFirst = false) {
      if (!isFirst) {
        if (!this.take('flowEntry')) throw this.fail("did not find expected ',' or ']'", line);
        if (this.is('flowSequenceEnd')) break;
      }
      if (this.take('key')) {
        // `[a: b]` holds a mapping of one pair.
        // Without a key upstream skips the token that follows, whichever it is.
        const isEmpty = this.is('value', 'flowEntry', 'flowSequenceEnd');
        if (isEmpty) this.scanner.skip();
        const key = isEmpty ? EMPTY : this.node(false, false);
        const hasValue = this.take('value') && !this.is('flowEntry', 'flowSequenceEnd');
        node.items.push({ kind: 'mapping', pairs: [this.pair(key, () => (hasValue ? this.node(false, false) : EMPTY))], tag: '' });
      } else node.items.push(this.node(false, false));
    }
    this.scanner.skip();
    return node;
  }

  private flowMapping(node: Extract<YamlNode, { kind: 'mapping' }>): YamlNode {
    const { line } = this.peek();
    this.scanner.skip();
    for (let isFirst = true; !this.is('flowMappingEnd'); isFirst = false) {
      if (!isFirst) {
        if (!this.take('flowEntry')) throw this.fail("did not find expected ',' or '}'", line);
        if (this.is('flowMappingEnd')) break;
      }
      if (this.take('key')) {
        const key = this.is('value', 'flowEntry', 'flowMappingEnd') ? EMPTY : this.node(false, false);
        const hasValue = this.take('value') && !this.is('flowEntry', 'flowMappingEnd');
        node.pairs.push(this.pair(key, () => (hasValue ? this.node(false, false) : EMPTY)));
      } else node.pairs.push(this.pair(this.node(false, false), () => EMPTY));
    }
    this.scanner.skip();
    return node;
  }
}
