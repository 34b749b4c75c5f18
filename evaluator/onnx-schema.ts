/** `kind` is another message or a scalar: `name` is a text that decides what runs, `enum:14` has the values 0 to 14. */
export type OnnxField = { name: string; kind: string; repeated: boolean }
export type OnnxMessage = ReadonlyMap<number, OnnxField>

/**
 * Every message of ONNX 1.23 with every field that it may have, as `number kind name`; `*` repeats. A field that is
 * not here is refused: a runtime that knows it would see what we do not.
 * https://github.com/onnx/onnx/blob/main/onnx/onnx-ml.proto
 */
const MESSAGES = {
  Model: `1 int64 ir_version, 2 text producer_name, 3 text producer_version, 4 text domain, 5 int64 model_version,
    6 text doc_string, 7 Graph graph, 8 Opset* opset_import, 14 Entry* metadata_props, 20 Training* training_info,
    25 Function* functions, 26 Devices* configuration`,
  Graph: `1 Node* node, 2 text name, 5 Tensor* initializer, 10 text doc_string, 11 Value* input, 12 Value* output,
    13 Value* value_info, 14 Annotation* quantization_annotation, 15 SparseTensor* sparse_initializer,
    16 Entry* metadata_props`,
  Node: `1 text* input, 2 text* output, 3 text name, 4 name op_type, 5 Attribute* attribute, 6 text doc_string,
    7 name domain, 8 text overload, 9 Entry* metadata_props, 10 NodeDevices* device_configurations`,
  Attribute: `1 text name, 2 float f, 3 int64 i, 4 bytes s, 5 Tensor t, 6 Graph g, 7 float* floats, 8 int64* ints,
    9 bytes* strings, 10 Tensor* tensors, 11 Graph* graphs, 13 text doc_string, 14 Type tp, 15 Type* type_protos,
    20 enum:14 type, 21 text ref_attr_name, 22 SparseTensor sparse_tensor, 23 SparseTensor* sparse_tensors`,
  Function: `1 name name, 4 text* input, 5 text* output, 6 text* attribute, 7 Node* node, 8 text doc_string,
    9 Opset* opset_import, 10 name domain, 11 Attribute* attribute_proto, 12 Value* value_info, 13 text overload,
    14 Entry* metadata_props`,
  Tensor: `1 int64* dims, 2 int32 data_type, 3 Segment segment, 4 float* float_data, 5 int32* int32_data,
    6 bytes* string_data, 7 int64* int64_data, 8 text name, 9 bytes raw_data, 10 double* double_data,
    11 int64* uint64_data, 12 text doc_string, 13 Entry* external_data, 14 enum:1 data_location,
    16 Entry* metadata_props`,
  SparseTensor: '1 Tensor values, 2 Tensor indices, 3 int64* dims',
  Segment: '1 int64 begin, 2 int64 end',
  Entry: '1 text key, 2 text value',
  Annotation: '1 text tensor_name, 2 Entry* quant_parameter_tensor_names',
  Opset: '1 name domain, 2 int64 version',
  Training: `1 Graph initialization, 2 Graph algorithm, 3 Entry* initialization_binding, 4 Entry* update_binding`,
  Value: '1 text name, 2 Type type, 3 text doc_string, 4 Entry* metadata_props',
  Type: `1 TensorType tensor_type, 4 ElementType sequence_type, 5 MapType map_type, 6 text denotation,
    7 OpaqueType opaque_type, 8 TensorType sparse_tensor_type, 9 ElementType optional_type`,
  TensorType: '1 int32 elem_type, 2 Shape shape',
  ElementType: '1 Type elem_type',
  MapType: '1 int32 key_type, 2 Type value_type',
  OpaqueType: '1 text domain, 2 text name',
  Shape: '1 Dimension* dim',
  Dimension: '1 int64 dim_value, 2 text dim_param, 3 text denotation',
  Devices: '1 text name, 2 int32 num_devices, 3 text* device',
  NodeDevices: '1 text configuration_id, 2 Sharding* sharding_spec, 3 int32 pipeline_stage',
  Sharding: `1 text tensor_name, 2 int64* device, 3 DeviceGroup* index_to_device_group_map,
    4 ShardedDimension* sharded_dim`,
  DeviceGroup: '1 int64 key, 2 int64* value',
  ShardedDimension: '1 int64 axis, 2 SimpleSharding* simple_sharding',
  SimpleSharding: '1 int64 dim_value, 2 text dim_param, 3 int64 num_shards',
}

export type OnnxMessageName = keyof typeof MESSAGES

export const ONNX_MESSAGES: ReadonlyMap<string, OnnxMessage> = new Map(
  Object.entries(MESSAGES).map(([message, fields]) => [message, new Map(fields.split(',').map(readField))]),
)

function readField(text: string): [number, OnnxField] {
  const [number = '', kind = '', name = ''] = text.trim().split(' ')
  return [Number(number), { name, kind: kind.replace('*', ''), repeated: kind.endsWith('*') }]
}
