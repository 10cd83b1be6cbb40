// The assessments of one application.
return {
  Header: {},
  Body: {
    Get_Assess_Candidate_Request: {
      '@version': settings.version,
      Request_Criteria: { Job_Application_Reference: { [settings.idTypes.application]: input.application_id.split(':').pop() } },
      Response_Filter: { Page: 1, Count: 999 }
    }
  }
};
