/**
 * Operators that a model may use: those of image classifiers as exported by PyTorch, scikit-learn and the runtime's
 * own optimiser. `If` is one of them: it ends, and PyTorch writes it for adaptive pooling and squeezing. Left out:
 * loops (one needs no memory and never ends), sequences, strings, and anything that could reach beyond the tensors.
 * The optimiser's `com.microsoft.nchwc` layout too: a file saved with it fits one kind of processor.
 */
const STANDARD = `
Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh Attention AveragePool BatchNormalization
Bernoulli BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast CastLike Ceil Celu CenterCropPad
Clip Col2Im Compress Concat Constant ConstantOfShape Conv ConvInteger ConvTranspose Cos Cosh CumProd CumSum
DeformConv DepthToSpace DequantizeLinear Det DFT Div Dropout DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand
EyeLike Flatten Floor Gather GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater
GreaterOrEqual GridSample GroupNormalization GRU HammingWindow HannWindow Hardmax HardSigmoid HardSwish Identity If
InstanceNormalization IsInf IsNaN LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax LpNormalization
LpPool LRN LSTM MatMul MatMulInteger Max MaxPool MaxRoiPool MaxUnpool Mean MeanVarianceNormalization MelWeightMatrix
Min Mish Mod Mul Multinomial Neg NonMaxSuppression NonZero Not OneHot Or Pad Pow PRelu QLinearConv QLinearMatMul
QuantizeLinear RandomNormal RandomNormalLike RandomUniform RandomUniformLike Range Reciprocal ReduceL1 ReduceL2
ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize
ReverseSequence RMSNormalization RNN RoiAlign RotaryEmbedding Round Scatter ScatterElements ScatterND Selu Shape
Shrink Sigmoid Sign Sin Sinh Size Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze STFT Sub Sum
SwiGLU Swish Tan Tanh TensorScatter ThresholdedRelu Tile TopK Transpose Trilu Unique Unsqueeze Upsample Where Xor`

const RUNTIME = `
Attention BiasAdd BiasGelu BiasSoftmax BiasSplitGelu DequantizeLinear DynamicQuantizeLSTM DynamicQuantizeMatMul
EmbedLayerNormalization FastGelu FusedConv FusedGemm FusedMatMul Gelu GridSample GroupNorm GroupQueryAttention
MatMulBnb4 MatMulInteger16 MatMulIntegerToFloat MatMulNBits MultiHeadAttention NhwcConv NhwcFusedConv NhwcMaxPool
Pad QAttention QGemm QLinearAdd QLinearAveragePool QLinearConcat QLinearConv QLinearGlobalAveragePool
QLinearLeakyRelu QLinearMul QLinearReduceMean QLinearSigmoid QLinearSoftmax QLinearWhere QuantizeLinear QuickGelu
RotaryEmbedding SimplifiedLayerNormalization SkipGroupNorm SkipLayerNormalization SkipSimplifiedLayerNormalization
TransposeMatMul`

const CLASSICAL =
  'LinearClassifier LinearRegressor Normalizer Scaler TreeEnsembleClassifier TreeEnsembleRegressor'

const LOOPS = ['Loop', 'Scan']

/** Under these the runtime knows operators of its own, whatever functions of the same name a model brings. */
const RUNTIME_DOMAIN = /^([^:]*$|ai\.onnx\b|com\.microsoft\b|com\.ms\b|org\.pytorch\b)/

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
  const ownFunction = (name: string) => contents.functions.has(name) && !RUNTIME_DOMAIN.test(name)
  const allowed = (name: string) =>
    ALLOWED.has(name) || ownFunction(name) || (options.controlFlow && LOOPS.includes(name))
  return [...contents.operators].filter((name) => !allowed(name)).sort()
}
