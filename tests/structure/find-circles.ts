import type { Graph } from './import-graph.ts'

/**
 * The groups of nodes from which each can be reached from each: Tarjan's strongly connected components with more
 * than one member. Source: R. Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1 (1972).
 */
export function findCircles(graph: Graph): string[][] {
  const index = new Map<string, number>()
  const lowest = new Map<string, number>()
  const path: string[] = []
  const circles: string[][] = []

  function visit(node: string): number {
    const own = index.size
    index.set(node, own)
    lowest.set(node, own)
    path.push(node)
    for (const next of graph.get(node) ?? []) {
      const reached = index.has(next) ? (path.includes(next) ? index.get(next) : undefined) : visit(next)
      if (reached !== undefined) lowest.set(node, Math.min(lowest.get(node) ?? own, reached))
    }
    const low = lowest.get(node) ?? own
    if (low === own) {
      const members = path.splice(path.indexOf(node))
      if (members.length > 1) circles.push(members.sort())
    }
    return low
  }

  for (const node of graph.keys()) if (!index.has(node)) visit(node)
  return circles
}
