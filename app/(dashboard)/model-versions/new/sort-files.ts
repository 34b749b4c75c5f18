export type ChosenFiles = { model: File | null; card: File | null }

/** Which of the dropped files is the model and which its card, by their names; others are named back. */
export function sortFiles(files: readonly File[]): ChosenFiles & { others: string[] } {
  const endsIn = (ending: string) => files.find(({ name }) => name.toLowerCase().endsWith(ending)) ?? null
  const model = endsIn('.onnx')
  const card = endsIn('.json')
  const others = files.filter((file) => file !== model && file !== card).map(({ name }) => name)
  return { model, card, others }
}
