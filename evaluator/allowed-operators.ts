/**
 * Operators that a model may use: those of image classifiers as exported by PyTorch, scikit-learn and the runtime's
 * own optimiser. Left out: control flow (a loop needs no memory and never ends), sequences, strings, and anything
 * that could reach beyond the tensors.
 */
const STANDARD = `
Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh Attention AveragePool BatchNormalization BitShift
BitwiseAnd BitwiseNot BitwiseOr BitwiseXor Cast CastLike Ceil Celu Clip Compress Concat Constant ConstantOfShape Conv
ConvInteger ConvTranspose Cos Cosh CumSum DeformConv DepthToSpace DequantizeLinear Det Div Dropout
DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather GatherElements GatherND Gelu
Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GridSample GroupNormalization HardSigmoid
HardSwish Hardmax Identity InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization LeakyRelu Less LessOrEqual Log
LogSoftmax LpNormalization LpPool MatMul MatMulInteger Max MaxPool MaxRoiPool MaxUnpool Mean MeanVarianceNormalization
Min Mish Mod Mul Multinomial Neg NonZero Not OneHot Or PRelu Pad Pow QLinearConv QLinearMatMul QuantizeLinear RMSNormalization
RNN RandomNormal RandomNormalLike RandomUniform RandomUniformLike Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum
ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize ReverseSequence
RotaryEmbedding Round ScatterElements ScatterND Selu Shape Shrink Sigmoid Sign Sin Sinh Size Slice Softmax Softplus
Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Swish Tan Tanh ThresholdedRelu Tile TopK Transpose Trilu Unique
Unsqueeze Upsample Where Xor`

const RUNTIME = `
Attention BiasGelu BiasSoftmax DequantizeLinear DynamicQuantizeMatMul EmbedLayerNormalization FastGelu FusedConv
FusedGemm FusedMatMul Gelu GroupQueryAttention MatMulInteger16 MatMulIntegerToFloat MatMulNBits MultiHeadAttention
NhwcMaxPool QAttention QGemm QLinearAdd QLinearAveragePool QLinearConcat QLinearGlobalAveragePool QLinearLeakyRelu
QLinearMul QLinearSigmoid QLinearSoftmax QuantizeLinear QuickGelu SkipLayerNormalization
SkipSimplifiedLayerNormalization SimplifiedLayerNormalization`

const CLASSICAL =
  'LinearClassifier LinearRegressor Normalizer Scaler TreeEnsembleClassifier TreeEnsembleRegressor'

const CONTROL_FLOW = ['If', 'Loop', 'Scan']

const words = (text: string) => text.trim().split(/\s+/)
const ALLOWED = new Set([
  ...words(STANDARD),
  ...words(RUNTIME).map((name) => `com.microsoft:${name}`),
  ...words(CLASSICAL).map((name) => `ai.onnx.ml:${name}`),
])

/** The operators that keep a model out; functions that the model defines itself are judged by what they use. */
export function findForbiddenOperators(
  contents: { operators: Set<string>; functions: Set<string> },
  options: { controlFlow: boolean },
): string[] {
  const allowed = (name: string) =>
    ALLOWED.has(name) || contents.functions.has(name) || (options.controlFlow && CONTROL_FLOW.includes(name))
  return [...contents.operators].filter((name) => !allowed(name)).sort()
}
