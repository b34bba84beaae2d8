/** Accept → the form of the answer: k8s.io/apiserver/pkg/endpoints/handlers/negotiation. JSON is the only encoding spoken. */
import { failure } from '../../api/errors.js';
import type { ResourceNames } from '../../api/resource.js';

export type Form = 'object' | 'table' | 'partial';

export interface MediaType {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export function parseAccept(header: string): readonly MediaType[] {
  return header.split(',').flatMap((part) => {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    if (type === '') return [];
    return [{ type, parameters: Object.fromEntries(parameters.map((parameter) => splitOnce(parameter, '='))) }];
  });
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

const ENCODINGS = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const STREAMS = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];
const ENCODED: ReadonlySet<string> = new Set([...ENCODINGS, '*/*']);
const VERSIONS: ReadonlySet<string> = new Set(['v1', 'v1beta1']);

/** The first form that can be served; 406 when there is none. `isList`: of a list of `names`, absent: of one object. `hasTable`: reviews have none. */
export function negotiate(accept: string | undefined, isList?: boolean, names?: Pick<ResourceNames, 'group' | 'kind'>, hasTable = true): Form {
  if (accept === undefined || accept === '') return 'object';
  const types = parseAccept(accept).filter(({ type }) => ENCODED.has(type));
  if (types.length === 0) throw notAcceptable(`406: Not Acceptable\n\nAvailable representations: ${[...ENCODINGS, ...(isList ? STREAMS : [])].join(', ')}`, {});
  for (const { type, parameters } of types) {
    const { as, g, v = '' } = parameters;
    if (as === undefined) return 'object';
    if (type !== 'application/json' || g !== 'meta.k8s.io' || !VERSIONS.has(v)) continue;
    if (as === 'Table' && hasTable) return 'table';
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') {
      if (names !== undefined && isList !== (as === 'PartialObjectMetadataList')) throw notOfThat(as, names);
      return 'partial';
    }
  }
  throw notAcceptable(`only the following media types are accepted: ${ENCODINGS.join(', ')}`);
}

const notAcceptable = (message: string, details?: object) => failure(406, 'NotAcceptable', message, details);

/** One object was asked for as a list, or a list as one object. */
function notOfThat(as: string, { group, kind }: Pick<ResourceNames, 'group' | 'kind'>) {
  const type = `*${group === '' ? 'core' : (group.split('.')[0] ?? '')}.${kind}`;
  return notAcceptable(
    as === 'PartialObjectMetadata'
      ? `you requested PartialObjectMetadata, but the requested object is a list (${type}List)`
      : `you requested PartialObjectMetadataList, but the requested object is not a list (${type})`,
  );
}
