/** What a command line says of the objects it means: k8s.io/cli-runtime pkg/resource builder.go. */
import type { Query } from '../../client/rest-client.js';
import { type FlagValues, UsageError } from '../command.js';
import type { Validation } from '../shared-flags.js';

/** What the command line says; each command fills in what its flags allow. */
export interface Request {
  readonly filenames?: readonly string[];
  readonly kustomize?: string;
  readonly recursive?: boolean;
  /** TYPE NAME…, TYPE/NAME …, TYPE[,TYPE…]. */
  readonly args?: readonly string[];
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly all?: boolean;
  /** --all is a selector that excludes others (SelectAllParam: delete, taint), not merely leave to name no object (ResourceTypeOrNameArgs). */
  readonly allIsSelector?: boolean;
  readonly allNamespaces?: boolean;
  /** Types are enough: every object of them is meant (get, describe). */
  readonly selectAllByDefault?: boolean;
  /** Objects of files are fetched (RetrieveLatest) instead of taken as they stand. */
  readonly latest?: boolean;
  /** Do not fetch objects that arguments name. */
  readonly local?: boolean;
  /** --local: files only, and never the server, not even to learn about kinds. */
  readonly offline?: boolean;
  readonly subresource?: string;
  readonly limit?: number;
  /** What to ask for: Tables. */
  readonly accept?: string;
  /** More query parameters of GETs. */
  readonly query?: Query;
  /** Lists are visited whole, not item by item. */
  readonly whole?: boolean;
  /** Check kind and apiVersion of documents before decoding. */
  readonly validation?: Validation;
  /** Objects are of the types kubectl knows (Builder.WithScheme); others are refused. */
  readonly typed?: boolean;
  /** A list in a file stands for its items (Builder.Flatten); default true. */
  readonly flatten?: boolean;
  /** Arguments of several types are refused (Builder.SingleResourceType). */
  readonly singleType?: boolean;
}

/** The request that FILES, -l, --all and the like of a command make. */
export function requestOf(flags: FlagValues, args: readonly string[]): Request {
  const text = (name: string) => (flags.has(name) ? flags.string(name) : '');
  const bool = (name: string) => flags.has(name) && flags.bool(name);
  return {
    filenames: flags.has('filename') ? flags.strings('filename') : [],
    kustomize: text('kustomize'),
    recursive: bool('recursive'),
    args,
    selector: text('selector').trim(),
    fieldSelector: text('field-selector').trim(),
    all: bool('all'),
    allNamespaces: bool('all-namespaces'),
    limit: flags.has('chunk-size') ? flags.int('chunk-size') : 0,
    ...(flags.has('subresource') ? { subresource: text('subresource') } : {}),
  };
}

export const hasFiles = (request: Request): boolean => (request.filenames?.length ?? 0) > 0 || (request.kustomize ?? '') !== '';

/** FilenameOptions.RequireFilenameOrKustomize. */
export function requireFiles(request: Request): void {
  const files = (request.filenames?.length ?? 0) > 0;
  const kustomize = (request.kustomize ?? '') !== '';
  if (!files && !kustomize) throw new UsageError('must specify one of -f and -k');
  checkFileFlags(request);
}

export function checkFileFlags(request: Request): void {
  const files = (request.filenames?.length ?? 0) > 0;
  const kustomize = (request.kustomize ?? '') !== '';
  if (files && kustomize) throw new UsageError('only one of -f or -k can be specified');
  if (kustomize && request.recursive === true) throw new UsageError("the -k flag can't be used with -f or -R");
}
