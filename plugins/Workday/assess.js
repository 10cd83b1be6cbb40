// The assessment that holds the result, under an id of our own: there is one for each application, and writing it again changes it.
const application = input.application_id.split(':').pop();
const result = reads.result;
const hasResultsUrl = Number(settings.version.slice(1)) >= 31.2;
const url = hasResultsUrl && settings.resultsUrl !== 'none' ? result[settings.resultsUrl] : null;
const rounded = { nearest: Math.round, down: Math.floor, up: Math.ceil }[settings.scoreRounding];
// Through decimals first: 8.45 * 10 is 84.49999999999999 in binary.
const score = result.score === null ? null : rounded(round(result.score * settings.scoreFactor, 6));
const verdict = result.recommendation === null ? null : settings.testStatuses[result.recommendation] ?? null;
const test = score === null && verdict === null && url === null ? null : {
  Assessment_Test_Reference: { Reference_ID: settings.test },
  Assessment_Test_Score: score,
  Assessment_Test_Status_Reference: verdict === null ? null : { Assessment_Status_ID: verdict },
  Assessment_Test_Date: reads.today,
  Assessment_Test_Results_URL: url
};
// Every part of the result is a line, so that what has no member of its own is there, and the next write knows it.
const lines = [
  ['Status', result.status], ['Score', result.score], ['Recommendation', result.recommendation], ['Transcript', result.transcript_url], ['Recording', result.recording_url]
];

return {
  Header: {},
  Body: {
    Assess_Candidate_Request: {
      '@version': settings.version,
      Assess_Candidate_Data: {
        Job_Application_Reference: { [settings.idTypes.application]: application },
        Candidate_Assessment_Data: {
          Assess_Candidate_Reference: settings.assessmentPrefix + application,
          Assessed_By_Reference: settings.assessedBy === null ? null : { [settings.assessedByIdType]: settings.assessedBy },
          Assessed_On_Date: reads.today,
          Assessment_Status_Reference: { Assessment_Status_ID: settings.statuses[result.status] },
          Overall_Assessment_Comment: lines.filter(([, value]) => value !== null).map(([label, value]) => `${label}: ${value}`).join('\n'),
          Assess_Candidate_Test_Result_Data: test
        }
      }
    }
  }
};
