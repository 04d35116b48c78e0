// What gSOAP's compiler makes a client and a service of.
//gsoap svc service name: echo
//gsoap svc service namespace: http://peers.test/svc
//gsoap svc service method-action: Echo http://peers.test/svc/IEcho/Echo
#import "stl.h"
int svc__Echo(std::string text, std::string& result);
