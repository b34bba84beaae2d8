/** `-o json` and `-o yaml` (cli-runtime pkg/printers/json.go, yaml.go, managedfields.go). */
import type { KubeObject } from '../../api/object.js';
import { goJson } from '../../text/go-json-writer.js';
import { emitYaml } from '../../text/yaml-emitter.js';
import { isList, type Printable, type Printer } from './printer.js';

export function jsonPrinter(options: { readonly showManagedFields: boolean; readonly keepOrder: boolean }): Printer {
  return {
    print(object, event) {
      const shown = options.showManagedFields ? object : withoutManagedFields(object);
      return event === undefined
        ? `${goJson(shown, { indent: '    ', keepOrder: options.keepOrder })}\n`
        : `${goJson({ type: event, object: shown }, { keepOrder: true })}\n`;
    },
  };
}

export function yamlPrinter(options: { readonly showManagedFields: boolean }): Printer {
  let count = 0;
  return {
    print(object, event) {
      const shown = options.showManagedFields ? object : withoutManagedFields(object);
      return `${count++ > 0 ? '---\n' : ''}${emitYaml(event === undefined ? shown : { type: event, object: shown })}`;
    },
  };
}

function withoutManagedFields(object: Printable): Printable {
  return isList(object) ? { ...object, items: object.items.map(strip) } : strip(object);
}

function strip(object: KubeObject): KubeObject {
  if (object.metadata?.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
