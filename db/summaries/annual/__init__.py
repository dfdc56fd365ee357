"""The annual report 年度法治政府建设工作报告: template, draft with its figures, claims, filing and drift."""
