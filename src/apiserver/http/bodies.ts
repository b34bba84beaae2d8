/** Bodies as they come over the wire: read within bounds, and made JSON values where they are not JSON text. */
import type { IncomingMessage } from 'node:http';
import { badRequest, failure, type StatusError } from '../../api/errors.js';
import type { ApiRequest } from '../../api/transport.js';
import { parseYaml } from '../../text/yaml.js';
import { MAX_DEPTH } from '../decode/json-text.js';
import { decodeProtobuf, ProtobufError, type ProtobufFields } from './protobuf.js';

/** Of a request, as in kube-apiserver. */
const MAX_BODY = 3 * 1024 * 1024;

const tooLarge = (): StatusError => failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BODY}`);

export async function readBytes(request: IncomingMessage): Promise<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    // The client has gone in the middle of it.
    throw request.complete || !isReset(error) ? error : badRequest('unexpected EOF');
  }
  return Buffer.concat(chunks);
}

const isReset = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ECONNRESET';

/** Text for JSON (whose mistakes the server names), a value for what else is understood. */
export function bodyOf(bytes: Uint8Array, contentType: string, fields: () => ProtobufFields): Pick<ApiRequest, 'body' | 'repeated'> {
  if (bytes.length === 0) return {};
  switch (contentType.split(';')[0]?.trim()) {
    case 'application/vnd.kubernetes.protobuf':
      return { body: fromProtobuf(fields(), bytes) };
    case 'application/yaml':
    case 'application/apply-patch+yaml':
      return fromYaml(textOf(bytes));
    default:
      return { body: textOf(bytes) };
  }
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function fromProtobuf(fields: ProtobufFields, bytes: Uint8Array): unknown {
  try {
    return decodeProtobuf(fields, bytes);
  } catch (error) {
    if (error instanceof ProtobufError) throw badRequest(`unable to decode object: ${error.message}`);
    if (error instanceof RangeError) throw badRequest('unable to decode object: exceeded max depth');
    throw error;
  }
}

function fromYaml(text: string): Pick<ApiRequest, 'body' | 'repeated'> {
  const parsed = parseYaml(text);
  if ('error' in parsed) throw badRequest(`error converting YAML to JSON: ${parsed.error}`);
  if (isDeeper(parsed.value, MAX_DEPTH)) throw badRequest('error converting YAML to JSON: exceeded max depth');
  return { body: parsed.value, ...(parsed.duplicates === undefined ? {} : { repeated: parsed.duplicates }) };
}

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' && value !== null && (levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1)));
