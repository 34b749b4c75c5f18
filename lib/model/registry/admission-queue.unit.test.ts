import { expect, it } from 'vitest'
import { newAdmissionQueue } from './admission-queue.ts'

it('lets one work at a time, in order, also behind one that fails, and refuses the sixth', async () => {
  const queue = newAdmissionQueue()
  const order: string[] = []
  let atWork = 0
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
  const asked = gates.map((gate, i) =>
    queue.run(async () => {
      atWork += 1
      expect(atWork).toBe(1)
      await gate.promise
      order.push(`${i}`)
      atWork -= 1
      if (i === 0) throw new Error('refused')
    }),
  )
  const ends = Promise.allSettled(asked)
  await expect(queue.run(async () => undefined)).rejects.toMatchObject({
    kind: 'UNAVAILABLE',
    code: 'ADMISSIONS_BUSY',
  })
  for (const gate of gates.toReversed()) gate.resolve()
  expect((await ends).map(({ status }) => status)).toEqual(['rejected', ...Array(4).fill('fulfilled')])
  expect(order).toEqual(['0', '1', '2', '3', '4'])
  expect(await queue.run(async () => 'again')).toBe('again')
})
