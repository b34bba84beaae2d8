/** Accept → the form of the answer: k8s.io/apiserver/pkg/endpoints/handlers/negotiation. JSON is the only encoding spoken. */
import { failure } from '../../api/errors.js';

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

const JSON_TYPES: ReadonlySet<string> = new Set(['application/json', 'application/*', '*/*', 'application/yaml', 'application/vnd.kubernetes.protobuf']);

/** The first form that can be served; 406 when there is none. */
export function negotiate(accept: string | undefined): Form {
  if (accept === undefined || accept === '') return 'object';
  for (const { type, parameters } of parseAccept(accept)) {
    if (!JSON_TYPES.has(type)) continue;
    const as = parameters['as'];
    if (as === undefined) return 'object';
    if (type !== 'application/json' || parameters['g'] !== 'meta.k8s.io') continue;
    if (as === 'Table' && (parameters['v'] === 'v1' || parameters['v'] === 'v1beta1')) return 'table';
    if ((as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') && (parameters['v'] === 'v1' || parameters['v'] === 'v1beta1')) return 'partial';
  }
  throw notAcceptable();
}

const notAcceptable = () =>
  failure(
    406,
    'NotAcceptable',
    '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    {},
  );
