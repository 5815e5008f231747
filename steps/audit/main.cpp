#include "audit/run.h"

int main(int argc, char** argv) { return syncgate::RunStep(argc, argv, syncgate::AuditStep()); }
