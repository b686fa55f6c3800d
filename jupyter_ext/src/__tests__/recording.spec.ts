import { QUESTION, recordingOf } from '../model/recording';

describe('recordingOf', () => {
  it.each([
    ["'1 1 /env/bin/python'", { kind: 'yes' }],
    ["'0 1 /env/bin/python'", { kind: 'no' }],
    ["'0 0 /my env/bin/python'", { kind: 'missing', python: '/my env/bin/python' }],
    ['', { kind: 'unasked' }],
    ["'what?'", { kind: 'unasked' }]
  ])('reads %s', (answer, expected) => {
    expect(recordingOf(answer)).toEqual(expected);
  });

  it('asks in one expression', () => {
    expect(QUESTION).not.toMatch(/[\n;]/);
  });
});
