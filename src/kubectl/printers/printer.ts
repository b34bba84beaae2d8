/** What stands behind `-o`: the forms that printers and their users share (cli-runtime pkg/printers/interface.go, pkg/genericclioptions). */
import type { KubeObject } from '../../api/object.js';
import { UsageError } from '../command.js';

/** An object, or a List of objects (`items`); unstructured, as it came from the server or a file. */
export type Printable = KubeObject | ListObject;
export interface ListObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string; readonly remainingItemCount?: number };
  readonly items: readonly KubeObject[];
}
export const isList = (object: Printable): object is ListObject => 'items' in object && Array.isArray(object.items);

/** The event an object came with, under `--watch --output-watch-events`. */
export type EventName = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

/** Made once per command; some printers remember what they have printed (headers, `---`). */
export interface Printer {
  /** The text of one object or List, ready for stdout. */
  print(object: Printable, event?: EventName): string;
}

/** The flags of PrintFlags: `-o`, `--template`, `--allow-missing-template-keys`, `--show-managed-fields`. */
export interface PrintFlags {
  /** All of `-o`: `yaml`, `jsonpath={.x}`, `''`. */
  readonly output: string;
  readonly template?: string;
  /** Default true. */
  readonly allowMissingTemplateKeys?: boolean;
  readonly showManagedFields?: boolean;
  /** For the `…-file` formats: the file's text; rejects with Go's text (`open x: no such file or directory`) as its message. */
  readonly readFile: (path: string) => Promise<string>;
}

export interface PrinterOptions {
  /** Said after the name when there is no `-o`: `created`, `configured (dry run)`. */
  readonly operation?: string;
  /** The columns that `get` alone has: custom-columns, wide. */
  readonly columns?: boolean;
  readonly noHeaders?: boolean;
  /** For objects a generator made: JSON in the order of the typed structs instead of sorted. */
  readonly keepOrder?: boolean;
}

/** A printer failed halfway: what it printed before goes to stdout all the same, ahead of the error. */
export class PrintError extends UsageError {
  constructor(
    message: string,
    readonly printed: string,
  ) {
    super(message);
  }
}
