// What the assessment will hold: what our own holds now, as its comment says, with what is given in its place.
const members = { Status: 'status', Score: 'score', Recommendation: 'recommendation', Transcript: 'transcript_url', Recording: 'recording_url' };
const application = input.application_id.split(':').pop();
const data = response.body.Get_Assess_Candidate_Response?.Response_Data?.Assess_Candidate_Data;
const own = [].concat(data ?? []).map(a => a.Candidate_Assessment_Data).find(a => a?.Assess_Candidate_Reference === settings.assessmentPrefix + application);
const result = { status: null, score: null, recommendation: null, transcript_url: null, recording_url: null };

for (const line of (own?.Overall_Assessment_Comment ?? '').split('\n')) {
  const end = line.indexOf(': ');
  const member = members[line.slice(0, end)];
  if (member) result[member] = member === 'score' ? Number(line.slice(end + 2)) : line.slice(end + 2);
}
for (const member of Object.values(members)) result[member] = input[member] ?? result[member];

return { ...result, status: result.status ?? 'completed' };
