const [page, moment] = (poll.next ?? `1 ${poll.until ?? poll.now}`).split(' ');

return {
  Header: {},
  Body: {
    Get_Assess_Candidate_Request: {
      '@version': settings.version,
      Request_Criteria: { Include_Inline_Assessments: settings.inline, From_Moment: poll.since, To_Moment: moment },
      Response_Filter: { As_Of_Entry_DateTime: moment, Page: page, Count: settings.pageSize }
    }
  }
};
