/** A real ONNX model of 107 bytes (y = x · w, IR 8, opset 17): whether a provider works is known by using it. */
export const PROBE_MODEL: Uint8Array = Buffer.from(
  'CAg6YQoRCgF4CgF3EgF5IgZNYXRNdWwSBXByb2JlKhsIAggCEAEiEAAAgD8AAABAAABAQAAAgEBCAXdaEwoBeBIOCgwIARIICgIIAQoCCAJiEwoB' +
    'eRIOCgwIARIICgIIAQoCCAJCBAoAEBE=',
  'base64',
)
